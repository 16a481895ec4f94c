import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readServeToken, removeServeToken, writeServeToken } from "./serve-token.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-token-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const content = (token: string) => ({
  url: "http://127.0.0.1:1",
  token,
  pid: 1,
  startedAt: "2026-11-20T06:00:00.000Z",
});

test("only its owner may read it, also where a readable one lay before", async () => {
  const path = join(folder, "a", "serve-token");
  await writeServeToken(path, content("first"));
  await rm(path);
  await writeFile(path, "old", { mode: 0o644 });
  await writeServeToken(path, content("second"));
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o700);
  expect(await readServeToken(path)).toEqual(content("second"));
  expect(await readdir(join(folder, "a"))).toEqual(["serve-token"]);
});

test("a server removes its own file, not that of the one after it", async () => {
  const path = join(folder, "b", "serve-token");
  await writeServeToken(path, content("first"));
  await writeServeToken(path, content("second"));
  await removeServeToken(path, "first");
  expect((await readServeToken(path))?.token).toBe("second");
  await removeServeToken(path, "second");
  expect(await readServeToken(path)).toBeUndefined();
  await removeServeToken(path, "second");
});

test("a file that is no token file says nothing", async () => {
  const path = join(folder, "c");
  await writeFile(path, "{");
  expect(await readServeToken(path)).toBeUndefined();
  await writeFile(path, "{}");
  expect(await readServeToken(path)).toBeUndefined();
});
