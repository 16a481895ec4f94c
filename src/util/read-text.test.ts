import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readText } from "./read-text.ts";

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-text-"));
});
afterEach(() => rm(dir, { recursive: true }));

it("reads UTF-8, with and without a byte order mark", async () => {
  const file = join(dir, "a.yml");
  await writeFile(file, "name: Größe 夜\n");
  expect(await readText(file)).toBe("name: Größe 夜\n");
  await writeFile(file, "\uFEFFname: x\n");
  expect(await readText(file)).toBe("name: x\n");
});

it("tells another encoding instead of guessing", async () => {
  const file = join(dir, "a.yml");
  for (const bytes of [Buffer.from("name: Größe\n", "latin1"), Buffer.from("\uFEFFname: x\n", "utf16le")]) {
    await writeFile(file, bytes);
    await expect(readText(file)).rejects.toMatchObject({ code: "not UTF-8" });
  }
  await expect(readText(join(dir, "none"))).rejects.toMatchObject({ code: "ENOENT" });
});
