/** State and lock in a Postgres that two machines share: nothing of them lies in the workspace. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { systemClock } from "../../src/util/clock.ts";
import { acquireLock } from "../../src/workspace/lock.ts";
import { type FakeWorkspace, startFakeWorkspace } from "../fake-workspace.ts";
import { testPostgres } from "../postgres.ts";
import { cli } from "../run-cli.ts";

const postgres = await testPostgres();
if ("skipped" in postgres) console.log(`skipped: ${postgres.skipped}`);

const CONFIG = `version: 1
project: retail
store: { kind: postgres, url: "\${env:DATABASE_URL}" }
workspaces:
  main: { host: "\${env:HOST}", auth: { kind: pat, token: "\${env:TOKEN}" } }
targets:
  prod: { default: true, workspace: main }
jobs:
  state: { kind: store }
  sources: [ { kind: yaml, path: "jobs/*.yml" } ]
`;

describe.skipIf("skipped" in postgres)("a state in the store", () => {
  let world: FakeWorkspace;
  let url = "";
  const folders: string[] = [];

  /** A checkout on a machine of its own. */
  function machine(token: string) {
    const cwd = mkdtempSync(path.join(tmpdir(), "headgate-shared-"));
    folders.push(cwd);
    writeFileSync(path.join(cwd, "headgate.yaml"), CONFIG);
    mkdirSync(path.join(cwd, "jobs"));
    const env = { DATABASE_URL: url, HOST: world.fake.url, TOKEN: token };
    const declare = (jobs: Record<string, string>) =>
      writeFileSync(
        path.join(cwd, "jobs/all.yml"),
        `jobs:\n${Object.entries(jobs)
          .map(([key, text]) => `  ${key}: { name: ${key}, description: ${text} }\n`)
          .join("")}`,
      );
    return { declare, run: (...args: string[]) => cli(args, { cwd, env }) };
  }

  beforeAll(async () => {
    if ("skipped" in postgres) return;
    world = await startFakeWorkspace({
      principals: [
        { userName: "anna@example.com", admin: true, tokens: ["anna"] },
        { userName: "ben@example.com", admin: true, tokens: ["ben"] },
      ],
    });
    url = await postgres.createDatabase();
  });
  afterAll(async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await world?.fake.close();
  });

  it("is refused until the store is migrated, and then serves two machines", async () => {
    const anna = machine("anna");
    const ben = machine("ben");
    anna.declare({ nightly: "first", hourly: "first" });
    const early = await anna.run("jobs", "plan");
    expect([early.code, early.stderr]).toEqual([65, expect.stringContaining("headgate store migrate")]);
    expect((await anna.run("store", "migrate")).code).toBe(0);

    expect((await anna.run("jobs", "apply", "--yes", "--first-deploy")).code).toBe(0);
    expect(world.fake.control.requests({ path: "/workspace/" })).toEqual([]);

    ben.declare({ nightly: "first", hourly: "first" });
    expect((await ben.run("jobs", "plan", "--exit-code")).code).toBe(0);
    ben.declare({ nightly: "second", hourly: "first" });
    const plan = JSON.parse((await ben.run("jobs", "plan", "--json")).stdout);
    expect(plan.summary).toMatchObject({ update: 1, noop: 1 });
    expect(plan.changes.find((one: { resource: string }) => one.resource === "nightly").fields).toMatchObject([
      { path: "description", kind: "declared", before: "first", after: "second" },
    ]);
    expect((await ben.run("jobs", "apply", "--yes")).code).toBe(0);
    anna.declare({ nightly: "second", hourly: "first" });
    expect((await anna.run("jobs", "plan", "--exit-code")).code).toBe(0);
    expect(world.fake.control.jobs()).toHaveLength(2);
  });

  it("keeps definitions to go back to", async () => {
    const anna = machine("anna");
    anna.declare({ nightly: "third", hourly: "first" });
    expect((await anna.run("jobs", "apply", "--yes")).code).toBe(0);
    const history = await anna.run("jobs", "history", "nightly", "--json");
    expect(JSON.parse(history.stdout).items.length).toBeGreaterThanOrEqual(2);
    expect((await anna.run("jobs", "rollback", "nightly", "--yes")).code).toBe(0);
    const settings = world.fake.control.jobs().map((job) => job.settings as { name?: string; description?: string });
    expect(settings.find(({ name }) => name === "nightly")?.description).toBe("second");
  });

  it("has one lock: who comes second is told who holds it, and nothing is sent", async () => {
    const store = await openStore({ kind: "postgres", url });
    const workspaceId = await world.workspace.workspaceId();
    const lock = await acquireLock({
      files: store.files,
      folder: `${workspaceId}/retail/prod`,
      clock: systemClock,
      clockSkew: () => 0,
      id: "1",
      holder: "ben@example.com",
      host: "elsewhere",
      pid: 1,
      commit: null,
    });
    try {
      const anna = machine("anna");
      anna.declare({ nightly: "fourth", hourly: "first" });
      world.fake.control.clearRequests();
      const refused = await anna.run("jobs", "apply", "--yes");
      expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("ben@example.com")]);
      expect(world.fake.control.requests({ method: "POST" })).toEqual([]);
    } finally {
      await lock.release();
      await store.close();
    }
  });
});
