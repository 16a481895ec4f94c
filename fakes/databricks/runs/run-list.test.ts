import { afterEach, describe, expect, it } from "vitest";
import { objectsIn } from "../json.ts";
import { clientOf } from "../testing-client.ts";
import { closeAfterEach, MINUTE, START, start, stateOf, task, workspace } from "./run-ground.ts";

closeAfterEach(afterEach);

describe("the list of runs", () => {
  it("pages newest first, stays whole while runs start, and filters", async () => {
    const { control, job, run, anna, ben, pass } = await start();
    const [jobId, other] = [job({ tasks: [task("a")] }), job({ tasks: [task("a")] })];
    control.insertRuns({
      runs: Array.from({ length: 60 }, (_, index) => ({
        jobId: index % 2 ? jobId : other,
        at: START - (60 - index) * 60 * MINUTE,
      })),
    });
    const list = async (query: string, client = anna) => (await client.get(`/api/2.2/jobs/runs/list?${query}`)).body;
    const seen: unknown[] = [];
    let token: unknown = "";
    while (token !== undefined) {
      const body = await list(`limit=25&page_token=${token}`);
      seen.push(...objectsIn(body.runs).map((entry) => entry.start_time));
      token = body.next_page_token;
      await run(jobId);
      pass(2 * MINUTE);
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => START - (index + 1) * 60 * MINUTE));
    expect(objectsIn((await list(`job_id=${other}&limit=0`)).runs)).toHaveLength(25);
    const hours = (from: number, to: number) =>
      `start_time_from=${START - from * 60 * MINUTE}&start_time_to=${START - to * 60 * MINUTE}`;
    expect(objectsIn((await list(hours(5, 2))).runs)).toHaveLength(4);
    const running = await run(other);
    expect(objectsIn((await list("active_only=true")).runs).map((entry) => entry.run_id)).toEqual([BigInt(running)]);
    expect(
      objectsIn((await list(`completed_only=true&job_id=${other}&expand_tasks=true`)).runs)[0]?.tasks,
    ).toHaveLength(1);
    expect(await list("", ben)).toEqual({ has_more: false });
    for (const bad of ["limit=26", "active_only=true&completed_only=true"]) {
      expect((await anna.get(`/api/2.2/jobs/runs/list?${bad}`)).status).toBe(400);
    }
    expect((await ben.get(`/api/2.2/jobs/runs/list?job_id=${jobId}`)).status).toBe(403);
    expect((await ben.get(`/api/2.2/jobs/runs/get?run_id=${running}`)).status).toBe(403);
    expect((await ben.post("/api/2.2/jobs/run-now", { job_id: BigInt(jobId) })).status).toBe(403);
  });

  it("gives tasks beyond 100 on the next page of get", async () => {
    const { job, run, read, anna } = await start();
    const id = await run(job({ tasks: Array.from({ length: 130 }, (_, index) => task(`t${index}`)) }));
    const first = await read(id);
    expect([objectsIn(first.tasks).length, first.has_more]).toEqual([100, true]);
    const second = await read(id, `&page_token=${first.next_page_token}`);
    expect([objectsIn(second.tasks).length, second.next_page_token]).toEqual([30, undefined]);
    const { body } = await anna.get("/api/2.2/jobs/runs/list?expand_tasks=true");
    expect(objectsIn(body.runs)[0]).toMatchObject({ has_more: true });
  });
});

describe("time", () => {
  it("starts runs in the future as scheduled ones, and lets a week pass at once", async () => {
    const { control, job, pass, anna } = await start();
    const jobs = Array.from({ length: 12 }, (_, index) =>
      job({ name: `j${index}`, tasks: [task("a"), task("b", ["a"])] }),
    );
    control.addBehaviour({ jobName: "j3", runNumber: 5, taskKey: "b", behaviour: { outcome: "fail" } });
    control.addBehaviour({ jobName: "j4", runNumber: 6, behaviour: { outcome: "hang" } });
    const days = [0, 1, 2, 3, 4, 5, 6];
    control.insertRuns({
      runs: days.flatMap((day) => jobs.map((jobId) => ({ jobId, at: START + (day * 24 + 1) * 60 * MINUTE }))),
    });
    expect((await anna.get("/api/2.2/jobs/runs/list")).body.runs).toBeUndefined();
    pass(7 * 24 * 60 * MINUTE);
    const runs = control.runs();
    const count = (result: string) =>
      runs.filter((entry) => (stateOf(entry).result_state ?? stateOf(entry).life_cycle_state) === result);
    expect(runs).toHaveLength(84);
    expect(runs.every((entry) => entry.trigger === "PERIODIC")).toBe(true);
    expect([count("FAILED").length, count("RUNNING").length, count("SKIPPED").length, count("SUCCESS").length]).toEqual(
      [1, 1, 1, 81],
    );
  });

  it("runs on a clock that is faster than the machine's", async () => {
    const { job, run, read } = await start({ clock: { start: START, speed: 1_000_000 } });
    const id = await run(job({ tasks: [task("a")] }));
    let state = "";
    while (state !== "TERMINATED") state = String(stateOf(await read(id)).life_cycle_state);
    expect((await read(id)).run_duration).toBe(MINUTE);
  });

  it("takes a thousand jobs with eight runs each", async () => {
    const { control, anna } = await start();
    const tasks = Array.from({ length: 5 }, (_, index) => task(`t${index}`, index > 0 ? [`t${index - 1}`] : []));
    const { jobIds } = control.seedJobs({
      jobs: Array.from({ length: 1000 }, () => ({ tasks })),
      as: "anna@example.com",
    });
    control.insertRuns({
      runs: Array.from({ length: 8 }, (_, hour) =>
        jobIds.map((jobId) => ({ jobId, at: START - (8 - hour) * 60 * MINUTE })),
      ).flat(),
    });
    expect(control.counts()).toEqual({ jobs: 1000, runs: 8000, events: 0 });
    const { body } = await anna.get(`/api/2.2/jobs/runs/list?job_id=${jobIds[500]}&expand_tasks=true`);
    expect(objectsIn(body.runs).map((entry) => stateOf(entry).result_state)).toEqual(Array(8).fill("SUCCESS"));
  });
});

it("control calls go over HTTP too", async () => {
  const { job, pass } = await start();
  const jobId = job({ name: "by hand", tasks: [task("a")] });
  const control = clientOf(String(workspace()?.url));
  await control.post("/_fake/add-behaviour", { jobName: "by hand", behaviour: { outcome: "hang" } });
  const { body: started } = await control.post("/_fake/start-run", { jobId, trigger: "FILE_ARRIVAL" });
  pass(10 * MINUTE);
  await control.post("/_fake/end-task", { runId: started.runId, taskKey: "a", outcome: "fail", message: "given up" });
  const { text } = await control.get(`/_fake/runs?jobId=${jobId}`);
  expect(JSON.parse(text)).toMatchObject([
    {
      trigger: "FILE_ARRIVAL",
      end_time: START + 10 * MINUTE,
      state: { state_message: "Task a failed with message: given up." },
    },
  ]);
});

it("forgets finished runs beyond a number, and those of more than 60 days ago, but none that is active", async () => {
  const { control, job } = await start({ maxRuns: 300 });
  const jobId = job({ tasks: [task("a")] });
  const behaviours = { "*": { outcome: "hang" as const } };
  const { runId } = control.startRun({ jobId, at: START - 59 * 24 * 60 * MINUTE, behaviours });
  const old = Array.from({ length: 255 }, () => ({ jobId, at: START - 61 * 24 * 60 * MINUTE }));
  control.insertRuns({ runs: old });
  expect(control.counts().runs).toBeLessThan(10);
  const many = Array.from({ length: 1024 }, (_, index) => ({ jobId, at: START - (index + 2) * MINUTE }));
  control.insertRuns({ runs: many });
  expect(control.counts().runs).toBeLessThanOrEqual(300 + 256);
  expect(control.runs().some((entry) => String(entry.run_id) === runId)).toBe(true);
});

it("a one-off run is its submitter's", async () => {
  const { anna, ben, pass } = await start();
  const { body } = await anna.post("/api/2.2/jobs/runs/submit", { tasks: [task("a")] });
  pass(MINUTE);
  const run = await anna.get(`/api/2.1/jobs/runs/get?run_id=${body.run_id}`);
  expect(run.body).toMatchObject({ run_name: "Untitled", run_type: "SUBMIT_RUN", state: { result_state: "SUCCESS" } });
  expect((await ben.get(`/api/2.1/jobs/runs/get?run_id=${body.run_id}`)).status).toBe(403);
  expect((await anna.get("/api/2.2/jobs/list")).body).toEqual({});
  const output = await anna.get(`/api/2.2/jobs/runs/get-output?run_id=${body.run_id}`);
  expect(output.body.notebook_output).toEqual({ truncated: false });
});
