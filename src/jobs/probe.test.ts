import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/index.ts";
import { openCredentials } from "../clients/databricks/auth/open.ts";
import { openDatabricks } from "../clients/databricks/client.ts";
import { systemClock } from "../util/clock.ts";
import { openDatabricksWorkspace } from "../workspace/databricks.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { defaultFacts, probeSettings, probeWorkspace } from "./probe.ts";

let fake: FakeDatabricks;
let workspace: JobsWorkspace;

beforeAll(async () => {
  fake = await startFakeDatabricks();
  const auth = { kind: "pat", token: fake.token } as const;
  const credentials = await openCredentials(auth, { host: fake.url, clock: systemClock, env: {} });
  workspace = openDatabricksWorkspace({
    client: openDatabricks({ host: fake.url, credentials, clock: systemClock, userAgent: "test" }),
  });
});
afterAll(() => fake.close());

test("the fake keeps every fact, and nothing is left of the job", async () => {
  const report = await probeWorkspace(workspace, "headgate probe");
  expect(report.facts.filter((fact) => fact.state === "differs")).toEqual([]);
  expect(report.facts.find(({ what }) => what === "T.run_if")).toMatchObject({ state: "holds", found: "ALL_SUCCESS" });
  expect(report.facts.find(({ what }) => what === "C.num_workers")).toMatchObject({ state: "unseen" });
  expect(report.summary.holds).toBeGreaterThan(10);
  expect(await workspace.getJob(report.jobId)).toEqual({ kind: "missing" });
});

test("a default that is another is told", () => {
  const facts = defaultFacts({ ...probeSettings("x"), max_concurrent_runs: 5, timeout_seconds: 0 });
  expect(facts.find(({ what }) => what === "max_concurrent_runs")).toMatchObject({
    state: "differs",
    expected: 1,
    found: 5,
  });
  expect(facts.find(({ what }) => what === "timeout_seconds")).toMatchObject({ state: "holds" });
});

test("the job is deleted also when reading it fails", async () => {
  const made: string[] = [];
  const blind: JobsWorkspace = {
    ...workspace,
    createJob: async (settings) => {
      const id = await workspace.createJob(settings);
      made.push(id);
      return id;
    },
    getJob: async () => ({ kind: "forbidden", message: "no" }),
  };
  await expect(probeWorkspace(blind, "headgate probe")).rejects.toMatchObject({ code: "remote_error" });
  expect(made.length).toBe(1);
  expect(await workspace.getJob(made[0] ?? "")).toEqual({ kind: "missing" });
});
