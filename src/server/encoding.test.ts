/** Large answers of the API: small where the caller takes it, not at all where it has them; streams stay streams. */
import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodingOf } from "./encoding.ts";
import { plainWorld, row } from "./testing/plain-jobs.ts";
import { ask, listen, start, type TestServer } from "./testing/start.ts";

const ROWS = Array.from({ length: 120 }, (_, at) => row(`job_${at}`));

/** An answer with its bytes as they were sent. */
function raw(server: TestServer, path: string, accepted: string) {
  return new Promise<{ encoding: string | undefined; vary: string | undefined; body: Buffer }>((resolve, reject) => {
    const headers = { "accept-encoding": accepted };
    request({ host: "127.0.0.1", port: server.port, path, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const { "content-encoding": encoding, vary } = response.headers;
        resolve({ encoding, vary, body: Buffer.concat(parts) });
      });
    })
      .on("error", reject)
      .end();
  });
}

test("the smallest form that a caller takes is chosen", () => {
  expect(encodingOf("gzip, deflate, br")).toBe("br");
  expect(encodingOf("GZIP;q=1.0, br;q=0")).toBe("gzip");
  expect(encodingOf("br;q=0.000, gzip;q=0")).toBeUndefined();
  expect(encodingOf("identity")).toBeUndefined();
  expect(encodingOf("")).toBeUndefined();
});

test("a large answer is sent small, and says the same", async () => {
  const server = await start({ world: plainWorld(ROWS) });
  const plain = await raw(server, "/api/v1/jobs", "identity");
  const brotli = await raw(server, "/api/v1/jobs", "gzip, br");
  const gzip = await raw(server, "/api/v1/jobs", "gzip");
  expect([plain.encoding, brotli.encoding, gzip.encoding]).toEqual([undefined, "br", "gzip"]);
  expect(brotliDecompressSync(brotli.body).toString()).toBe(plain.body.toString());
  expect(gunzipSync(gzip.body).toString()).toBe(plain.body.toString());
  expect(brotli.body.length).toBeLessThan(plain.body.length / 5);
  expect(plain.vary).toContain("accept-encoding");
});

test("a caller that has the answer is told so, until it is another", async () => {
  const world = plainWorld(ROWS);
  const server = await start({ world });
  const first = await ask(server, "/api/v1/jobs");
  const etag = String(first.headers.etag);
  expect([first.headers["cache-control"], etag.startsWith('W/"')]).toEqual(["private, no-cache", true]);
  const again = await ask(server, "/api/v1/jobs", { headers: { "if-none-match": etag } });
  expect([again.status, again.text]).toEqual([304, ""]);
  const other = await ask(server, "/api/v1/jobs?q=job_1", { headers: { "if-none-match": etag } });
  expect([other.status, other.headers.etag === etag]).toEqual([200, false]);
});

test("small answers and streams are sent as they are", async () => {
  const server = await start({ world: plainWorld(ROWS) });
  const status = await raw(server, "/api/v1/status", "br, gzip");
  expect(status.encoding).toBeUndefined();
  expect(JSON.parse(status.body.toString())).toMatchObject({ project: expect.any(String) });
  const stream = await listen(server, { "accept-encoding": "br, gzip" });
  expect((await stream.next("hello")).name).toBe("hello");
  stream.close();
});
