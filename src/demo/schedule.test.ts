import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/index.ts";
import { makeScheduler, startsBetween } from "./schedule.ts";

const at = (text: string) => Date.parse(`2026-11-20T${text}Z`);
const schedule = (expression: string, pause_status = "UNPAUSED") => ({
  schedule: { quartz_cron_expression: expression, timezone_id: "UTC", pause_status },
});

describe("startsBetween", () => {
  it("leaves the first moment out and takes the last one in", () => {
    const times = startsBetween(schedule("0 0/15 * * * ?"), at("06:00:00"), at("07:00:00"));
    expect(times).toEqual(["06:15:00", "06:30:00", "06:45:00", "07:00:00"].map(at));
  });

  it("finds more than one reading gives", () => {
    expect(startsBetween(schedule("0 * * * * ?"), at("00:00:00"), at("06:00:00"))).toHaveLength(360);
  });

  it.each([
    ["is paused", schedule("0 0 * * * ?", "PAUSED")],
    ["cannot be read", schedule("every hour")],
    ["has no schedule", {}],
  ])("has none where a job %s", (_what, settings) => {
    expect(startsBetween(settings, at("00:00:00"), at("23:00:00"))).toEqual([]);
  });
});

describe("a scheduler", () => {
  let fake: FakeDatabricks;
  beforeAll(async () => {
    fake = await startFakeDatabricks({ clock: { start: at("06:00:00"), speed: 0 } });
  });
  afterAll(() => fake.close());

  it("starts what is due once, as jobs are now, also jobs that come later", () => {
    const tasks = [{ task_key: "a", notebook_task: { notebook_path: "/a" } }];
    const seed = (expression: string) =>
      fake.control.seedJobs({ jobs: [{ name: expression, tasks, ...schedule(expression) }] }).jobIds[0] ?? "";
    const first = seed("0 0 * * * ?");
    const scheduler = makeScheduler(fake, at("06:00:00"));
    expect(scheduler.until(at("08:00:00"))).toBe(2);
    expect(scheduler.until(at("08:00:00"))).toBe(0);
    seed("0 30 * * * ?");
    expect(scheduler.until(at("09:00:00"))).toBe(2);
    fake.control.editJob({ jobId: first, settings: schedule("0 0 * * * ?", "PAUSED") });
    expect(scheduler.until(at("10:00:00"))).toBe(1);
    fake.control.clock({ set: at("11:00:00") });
    const runs = fake.control.runs({ jobId: first });
    expect(runs.map((run) => run.start_time)).toEqual(["09:00:00", "08:00:00", "07:00:00"].map(at));
    expect(runs.every((run) => run.trigger === "PERIODIC")).toBe(true);
  });
});
