/** `headgate doctor --probe` over HTTP, against a service that fills in another default than the facts say. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/index.ts";
import { cli } from "../../test/run-cli.ts";

let fake: FakeDatabricks;
let relay: Server;
let folder: string;

/** Hands requests on to the fake; a job is answered with a default that is planted. */
const plant = (text: string): string => text.replaceAll('"max_concurrent_runs":1', '"max_concurrent_runs":5');

beforeAll(async () => {
  fake = await startFakeDatabricks();
  relay = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const answer = await fetch(`${fake.url}${request.url}`, {
      method: request.method ?? "GET",
      headers: {
        authorization: request.headers.authorization ?? "",
        "content-type": request.headers["content-type"] ?? "application/json",
      },
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const text = await answer.text();
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(request.url?.includes("/jobs/get") ? plant(text) : text);
  });
  await new Promise<void>((done) => relay.listen(0, "127.0.0.1", done));
  folder = mkdtempSync(path.join(tmpdir(), "headgate-probe-"));
  expect((await cli(["init", folder, "--name", "probe"], { cwd: folder })).code).toBe(0);
});
afterAll(async () => {
  relay.close();
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the planted difference is named, with what was expected and found, and the job is gone", async () => {
  const { port } = relay.address() as AddressInfo;
  const env = { DATABRICKS_HOST: `http://127.0.0.1:${port}`, DATABRICKS_TOKEN: fake.token };
  const probed = await cli(["doctor", "--probe"], { cwd: folder, env });
  const told = probed.stdout.split("\n").filter((line) => line.includes("max_concurrent_runs"));
  expect(told).toEqual([expect.stringMatching(/probe .*max_concurrent_runs.*5/)]);
  expect(probed.stdout).toContain("was made and deleted");
  const listed = await fetch(`${fake.url}/api/2.2/jobs/list`, { headers: { authorization: `Bearer ${fake.token}` } });
  expect(await listed.json()).not.toHaveProperty("jobs");
});
