import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { loadStatic } from "./static.ts";
import { ask, start, stopAll } from "./testing/start.ts";

afterEach(stopAll);

const PAGE = "<!doctype html><title>headgate</title>";
const SCRIPT = `console.log("${"long ".repeat(1_000)}");`;
let folder = "";
let webDir = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-web-"));
  webDir = join(folder, "web");
  await mkdir(join(webDir, "assets"), { recursive: true });
  await writeFile(join(webDir, "index.html"), PAGE);
  await writeFile(join(webDir, "theme.js"), "theme()");
  await writeFile(join(webDir, "assets", "index-DiwrgTda.js"), SCRIPT);
  await writeFile(join(webDir, "assets", "font-AbCdEf12.woff2"), Buffer.alloc(4_000, 7));
  await writeFile(join(folder, "secret.txt"), "secret");
  await symlink(join(folder, "secret.txt"), join(webDir, "link.txt"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("files have their types; hashed ones never change, others are asked for again", async () => {
  const server = await start({ deps: { webDir } });
  const page = await ask(server, "/");
  expect([page.text, page.headers["content-type"], page.headers["cache-control"]]).toEqual([
    PAGE,
    "text/html; charset=utf-8",
    "no-cache",
  ]);
  const script = await ask(server, "/assets/index-DiwrgTda.js");
  expect(script.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  expect((await ask(server, "/theme.js")).headers["cache-control"]).toBe("no-cache");
  expect((await ask(server, "/assets/font-AbCdEf12.woff2")).headers["content-type"]).toBe("font/woff2");
});

test("the page's own routes get the page, missing files and API paths do not", async () => {
  const server = await start({ deps: { webDir } });
  for (const path of ["/jobs", "/jobs/nightly?tab=plan", "/plans/abc"])
    expect((await ask(server, path)).text).toBe(PAGE);
  for (const path of ["/assets/gone-AAAAAAAA.js", "/favicon.ico", "/api/v2/jobs", "/api/v1/nothing"]) {
    expect((await ask(server, path)).status).toBe(404);
  }
});

test("no path leads out of the folder", async () => {
  const server = await start({ deps: { webDir } });
  for (const path of [
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/assets/../../secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "//etc/passwd",
    "/link.txt",
  ]) {
    const answer = await ask(server, path);
    expect(answer.text, path).not.toContain("secret\n");
    expect(answer.text).not.toBe("secret");
    expect(answer.text).not.toContain("root:");
  }
});

test("a browser that has a file is told so", async () => {
  const server = await start({ deps: { webDir } });
  const { etag } = (await ask(server, "/")).headers;
  const again = await ask(server, "/", { headers: { "if-none-match": String(etag) } });
  expect([again.status, again.text]).toEqual([304, ""]);
  const head = await ask(server, "/", { method: "HEAD" });
  expect([head.status, head.text, head.headers["content-length"]]).toEqual([200, "", String(PAGE.length)]);
});

test("text is sent small where the browser takes it", async () => {
  const files = await loadStatic(webDir);
  const get = async (path: string, accepted?: string) => {
    const headers = new Headers(accepted === undefined ? [] : [["accept-encoding", accepted]]);
    const answer = await files.answer(path, new Request(`http://localhost${path}`, { headers }));
    return {
      encoding: answer?.headers.get("content-encoding"),
      body: Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)),
    };
  };
  const script = "/assets/index-DiwrgTda.js";
  const brotli = await get(script, "gzip, deflate, br;q=0.9");
  expect([brotli.encoding, brotliDecompressSync(brotli.body).toString()]).toEqual(["br", SCRIPT]);
  expect(brotli.body.length).toBeLessThan(SCRIPT.length / 10);
  const gzip = await get(script, "gzip, br;q=0");
  expect([gzip.encoding, gunzipSync(gzip.body).toString()]).toEqual(["gzip", SCRIPT]);
  expect((await get(script)).encoding).toBeNull();
  expect((await get("/", "br")).encoding).toBeNull();
  expect((await get("/assets/font-AbCdEf12.woff2", "br")).encoding).toBeNull();
});

test("without a built page the server says where the API is", async () => {
  const server = await start({ deps: { webDir: join(folder, "none") } });
  expect((await ask(server, "/")).text).toContain("/api/openapi.json");
  expect((await ask(server, "/jobs")).status).toBe(404);
});
