/** `default_pause_status` of lakeflow_jobs_meta: jobs that do not say whether they are paused, made, changed, started. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { cli } from "../run-cli.ts";

let dir: string;
let fake: FakeDatabricks;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "headgate-pause-"));
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", tokens: ["t"], admin: true }] });
});
afterEach(async () => {
  await fake.close();
  rmSync(dir, { recursive: true });
});

const SCHEDULE = { quartz_cron_expression: "0 0 6 * * ?", timezone_id: "UTC" };
const task = { task_key: "a", task_type: "notebook", file_path: "/a" };
const JOBS = {
  scheduled: { schedule: SCHEDULE, tasks: [task] },
  told: { schedule: { ...SCHEDULE, pause_status: "UNPAUSED" }, tasks: [task] },
  plain: { tasks: [task] },
};

function project(jobs: Record<string, object>, source: object = {}, target: object = {}): void {
  const config = {
    version: 1,
    project: "shop",
    workspaces: { w: { host: fake.url, auth: { kind: "pat", token: `\${env:TOKEN}` } } },
    targets: { prod: { default: true, workspace: "w", ...target } },
    jobs: { sources: [{ kind: "yaml", path: "jobs.yml", profile: "lakeflow-meta", ...source }] },
  };
  writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
  writeFileSync(join(dir, "jobs.yml"), JSON.stringify({ jobs }));
}
const run = (...args: string[]) => cli(["jobs", ...args], { cwd: dir, env: { TOKEN: "t" } });
async function apply(): Promise<string> {
  const ran = await run("apply", "--yes", "--first-deploy");
  expect(ran.code, ran.stderr + ran.stdout).toBe(0);
  return ran.stdout;
}
const jobOf = (name: string) =>
  fake.control.jobs().find(({ settings }) => settings.name === `[Lakeflow Jobs Meta] ${name}`);
const pauseOf = (name: string) => (jobOf(name)?.settings as JobSettings | undefined)?.schedule?.pause_status;
const pause = (name: string, pause_status: string) =>
  fake.control.editJob({ jobId: jobOf(name)?.jobId ?? "", settings: { schedule: { ...SCHEDULE, pause_status } } });
/** The whole definition as it was sent the last time. */
const sent = () =>
  fake.control.requests({ path: "/jobs/(create|reset)$" }).map(({ body }) => {
    const { new_settings, ...created } = body as { new_settings?: JobSettings } & JobSettings;
    return new_settings ?? created;
  });
const started = () =>
  fake.control.requests({ path: "/jobs/run-now$" }).map(({ body }) => String((body as { job_id: unknown }).job_id));
const noops = async () => JSON.parse((await run("plan", "--json")).stdout).summary.noop as number;

describe("a source of profile lakeflow-meta", () => {
  it.each([
    [{ defaultPauseStatus: true }, "PAUSED", []],
    [{ defaultPauseStatus: false }, "UNPAUSED", ["plain"]],
    [{}, undefined, []],
  ])("%j: new jobs that do not say are made %s, and started: %j", async (source, status, starts) => {
    project(JOBS, source);
    const plan = await run("plan");
    expect(plan.stdout.includes("started once, since it has no schedule")).toBe(starts.length > 0);
    await apply();
    const statuses = Object.fromEntries(
      sent().map(({ name = "", schedule }) => [name.slice(21), schedule?.pause_status]),
    );
    expect(statuses).toEqual({ scheduled: status, told: "UNPAUSED", plain: undefined });
    expect(started()).toEqual(starts.map((name) => jobOf(name)?.jobId));
    expect(await noops()).toBe(3);
  });

  it("leaves a job paused that somebody paused, in a plan and through an update; what is declared is put back", async () => {
    project(JOBS, { defaultPauseStatus: false });
    await apply();
    pause("scheduled", "PAUSED");
    pause("told", "PAUSED");
    const [first, second] = (JSON.parse((await run("plan", "--json")).stdout).changes as { fields: object[] }[]).slice(
      1,
    );
    expect(first?.fields).toEqual([]);
    expect(second?.fields).toMatchObject([{ path: "schedule.pause_status", kind: "drift", after: "UNPAUSED" }]);
    fake.control.clearRequests();
    project({ ...JOBS, scheduled: { ...JOBS.scheduled, description: "new" } }, { defaultPauseStatus: false });
    await apply();
    expect([pauseOf("scheduled"), pauseOf("told")]).toEqual(["PAUSED", "UNPAUSED"]);
    // Another kind of start is as paused as the one before.
    const continuous = { ...JOBS, scheduled: { continuous: {}, tasks: [task] } };
    project(continuous, { defaultPauseStatus: false });
    await apply();
    expect(jobOf("scheduled")?.settings.continuous).toMatchObject({ pause_status: "PAUSED" });
    expect(started()).toEqual([]);
    expect(await noops()).toBe(3);
  });

  it("starts nothing in a development target", async () => {
    project({ plain: JOBS.plain }, { defaultPauseStatus: false }, { mode: "development" });
    expect(await apply()).not.toContain("started once");
    expect(started()).toEqual([]);
  });
});

it("jobs of a plain source are put back to what they say, absence included", async () => {
  project(
    { plain: { schedule: SCHEDULE, tasks: [{ task_key: "a", notebook_task: { notebook_path: "/a" } }] } },
    { profile: undefined },
  );
  await apply();
  fake.control.editJob({
    jobId: fake.control.jobs()[0]?.jobId ?? "",
    settings: { schedule: { ...SCHEDULE, pause_status: "PAUSED" } },
  });
  const plan = JSON.parse((await run("plan", "--json")).stdout);
  expect(plan.changes[0].fields).toMatchObject([{ path: "schedule.pause_status", kind: "drift", actual: "PAUSED" }]);
});
