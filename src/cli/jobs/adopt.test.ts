/** Exit codes of an adoption. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../../fakes/databricks/index.ts";
import { cli } from "../../../test/run-cli.ts";

let fake: FakeDatabricks;
let dir: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: ["token-anna"] },
      { userName: "ben@example.com", tokens: ["token-ben"] },
    ],
  });
  dir = mkdtempSync(join(tmpdir(), "headgate-adopt-"));
  mkdirSync(join(dir, "jobs"));
  writeFileSync(
    join(dir, "headgate.yaml"),
    `version: 1
project: shop
workspaces: { main: { host: "${fake.url}", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { prod: { default: true, workspace: main } }
jobs: { sources: [ { name: files, kind: yaml, path: "jobs/*.yml" } ] }
`,
  );
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await fake.close();
});

const adopt = (token: string) => cli(["jobs", "adopt", "--all"], { cwd: dir, env: { TOKEN: token } });
const seed = (settings: object) =>
  fake.control.seedJobs({ jobs: [{ name: "A", tasks: [], ...settings }] as never, as: "anna@example.com" }).jobIds[0] ??
  "";

it("is 0 where all were taken", async () => {
  seed({});
  expect((await adopt("token-anna")).code).toBe(0);
});

it("is 77 where one may not be marked, naming the grant", async () => {
  const jobId = seed({});
  fake.control.grant({ jobId, principal: "user_name:ben@example.com", level: "CAN_VIEW" });
  const { code, stdout } = await adopt("token-ben");
  expect(code).toBe(77);
  expect(stdout).toContain(`CAN_MANAGE on job ${jobId}`);
});

it("is 65 where one was left, since another deployment has it", async () => {
  seed({ tags: { headgate: "somebodyelses" } });
  expect((await adopt("token-anna")).code).toBe(65);
});
