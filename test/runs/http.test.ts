import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, listen, post, stopAll, type TestServer } from "../../src/server/testing/start.ts";
import { declareHr, type Monitor, openMonitor, serveMonitor } from "./monitor.ts";

let monitor: Monitor;
let server: TestServer;

beforeEach(async () => {
  monitor = await openMonitor();
  server = await serveMonitor(monitor);
});
afterEach(async () => {
  await stopAll();
  await monitor.close();
});

const api = (verb: string) => `/api/v1/runs/${verb}`;
const process = { projectCode: "CORP", processLoad: "HR_DAILY" };
const run = { ...process, executionId: "e1", processingDate: "2026-11-20" };
const load = { ...run, workflowId: 1, taskId: 1 };
const query = (values: Record<string, string | number>) =>
  new URLSearchParams(Object.entries(values).map(([key, value]): [string, string] => [key, String(value)])).toString();

async function ok(answer: Promise<{ status: number; text: string; json: () => Record<string, unknown> }>) {
  const { status, text, json } = await answer;
  expect(status, text).toBe(200);
  const value = json();
  expect(Array.isArray(value)).toBe(false);
  return value;
}

describe("runs over HTTP", () => {
  it("takes a process from register to status, every answer a JSON object", async () => {
    expect(await ok(post(server, api("setup"), {}))).toMatchObject({ count: 7, next: null });
    expect(
      await ok(post(server, api("processes"), { ...process, name: "HR daily load", owner: "HR team" })),
    ).toMatchObject({ key: "CORP/HR_DAILY", outcome: "created" });
    await ok(post(server, api("parameters"), { ...process, name: "LoadEmployees", type: "DELTA_DATE" }));
    const task = {
      ...process,
      workflowId: 1,
      sequenceId: 2,
      taskId: 1,
      name: "Load",
      sourceSystemCode: "LoadEmployees",
    };
    await ok(post(server, api("tasks"), task));
    expect(await ok(ask(server, api("execution-id")))).toMatchObject({
      executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(await ok(post(server, api("generate"), run))).toMatchObject({ generated: 1, total: 1, replayed: false });
    expect(await ok(ask(server, `${api("pending")}?${query(run)}`))).toMatchObject({
      count: 1,
      items: [{ taskId: 1, dispatchable: true }],
    });
    const started = await ok(post(server, api("start"), { ...load, sourceRunId: "r1" }));
    expect(started).toMatchObject({ attempt: 0, phase: "RUNNING", watermark: { name: "LoadEmployees", isBulk: true } });
    expect(await ok(post(server, api("heartbeat"), load))).toMatchObject({ alive: true });
    expect(await ok(ask(server, `${api("can-advance")}?${query(run)}`))).toMatchObject({ advance: false });
    const ended = await ok(
      post(server, api("end"), {
        ...load,
        logMessage: "42 rows, AccountKey=Zm9vYmFyYmF6",
        metrics: { rowsWritten: 42 },
      }),
    );
    expect(ended).toMatchObject({ status: "DONE", watermarks: [{ name: "LoadEmployees", before: null }] });
    expect(await ok(ask(server, `${api("status")}?${query(process)}`))).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ TaskID: 1, Status: "DONE", LogMessage: "42 rows, AccountKey=***" }),
      ]),
    });
    const view = await ok(ask(server, `${api("views/v_processStatus")}?${query(process)}`));
    expect(view.items).toMatchObject([{ ProcessLoad: "HR_DAILY", OverallStatus: expect.any(String) }]);
    expect(
      await ok(ask(server, `${api("watermark")}?${query({ ...process, parameterName: "LoadEmployees" })}`)),
    ).toMatchObject({
      isBulk: false,
    });
    const history = await ok(ask(server, `${api("watermark/history")}?${query(process)}`));
    expect(history.items).toMatchObject([{ name: "LoadEmployees", cause: "auto", actor: "anna" }]);
  });
});

describe("what is refused", () => {
  beforeEach(() => declareHr(monitor.runs));

  it("says who holds a running task (409), what is not there (404) and what is wrong (422)", async () => {
    await ok(post(server, api("generate"), run));
    await ok(post(server, api("start"), { ...load, sourceRunId: "adf-1" }));
    const held = await post(server, api("start"), { ...load, sourceRunId: "adf-2" });
    expect(held.status).toBe(409);
    expect(held.headers["content-type"]).toBe("application/problem+json");
    expect(held.json()).toMatchObject({ code: "already_running", data: { holder: { sourceRunId: "adf-1" } } });
    const unknown = await post(server, api("end"), { ...load, processLoad: "HR_DALY" });
    expect(unknown.json()).toMatchObject({
      status: 404,
      code: "unknown_process",
      hint: expect.stringContaining("HR_DAILY"),
    });
    const wrong = await post(server, api("end"), { ...load, workflowId: "one", logMesage: "x" });
    expect(wrong.json()).toMatchObject({ status: 422, code: "input_invalid" });
    const view = await ask(server, api("views/v_taskDetails"));
    expect(view.json()).toMatchObject({ status: 404, code: "not_found", hint: "Did you mean v_taskDetail?" });
    const misspelt = await ask(server, `${api("status")}?processload=HR_DAILY`);
    expect(misspelt.json()).toMatchObject({ status: 422, hint: "Did you mean processLoad?" });
  });

  it("needs a token for every write, and none for reads on this machine", async () => {
    for (const verb of ["setup", "start", "heartbeat", "watermark/advance"]) {
      const headers = { authorization: "Bearer hgt_no" };
      expect((await post(server, api(verb), {}, { headers })).status, verb).toBe(401);
    }
    expect((await ask(server, api("status"))).status).toBe(200);
  });

  it("answers a repeat as it answered first: by key, and without one for start and end", async () => {
    await ok(post(server, api("generate"), run));
    const keyed = { headers: { "idempotency-key": "activity-7" } };
    const first = await ok(post(server, api("start"), { ...load, sourceRunId: "r1" }, keyed));
    await ok(post(server, api("end"), load));
    expect(await ok(post(server, api("start"), { ...load, sourceRunId: "r1" }, keyed))).toMatchObject({
      startTime: first.startTime,
      replayed: true,
    });
    expect(await ok(post(server, api("end"), load))).toMatchObject({ status: "DONE", replayed: true });
    const history = await ok(ask(server, `${api("watermark/history")}?${query(process)}`));
    expect(history.count).toBe(1);
  });
});

describe("events and pings", () => {
  beforeEach(() => declareHr(monitor.runs));

  it("tells transitions to whoever listens, also those of other processes", async () => {
    const stream = await listen(server);
    const next = async (type: string) => {
      for (;;) {
        const data = (await stream.next("run")).data as Record<string, unknown>;
        if (data.type === type) return data;
      }
    };
    await ok(post(server, api("generate"), run));
    expect(await next("GENERATE")).toMatchObject({ executionId: "e1", processLoad: "HR_DAILY" });
    await monitor.runs.startTask(load, { actor: "bob" });
    expect(await next("START")).toMatchObject({ taskId: 1, phase: "RUNNING", actor: "bob" });
    stream.close();
  });

  it("takes pings by GET and POST: start, log, an exit code, success", async () => {
    const ping = (rest: string, asked = {}) => ask(server, `/ping/${server.token}/CORP/HR_DAILY/1/${rest}`, asked);
    const run = "rid=cron-1&date=2026-11-20";
    expect(await ok(ping(`1/start?${run}`))).toMatchObject({ executionId: "cron-1", phase: "RUNNING" });
    const body = "half way, password=hunter2";
    expect(await ok(ping(`1/log?${run}`, { method: "POST", body }))).toMatchObject({ alive: true });
    expect(await ok(ping(`1/3?${run}`, { method: "POST", body: "disk full" }))).toMatchObject({
      status: "FAIL",
      logCode: "EXIT_3",
    });
    expect(await ok(ping("2?rid=cron-1&date=2026-11-20"))).toMatchObject({ status: "DONE", startInferred: true });
    const logs = await ok(ask(server, `${api("logs")}?executionId=cron-1`));
    expect(logs.items).toMatchObject([{ sourceType: "PING", message: "half way, password=***" }]);
    expect(server.log()).not.toContain(server.token);
    expect(server.log()).toContain("/ping/***/CORP/HR_DAILY/1/1/start");
  });

  it("refuses pings without a key that may write, of unknown tasks, and words it does not know", async () => {
    const answers = await Promise.all([
      ask(server, "/ping/hgt_guess/CORP/HR_DAILY/1/1"),
      ask(server, `/ping/${server.token}/CORP/HR_DAILY/1/77?rid=x`),
      ask(server, `/ping/${server.token}/CORP/HR_DAILY/1/1/strat`),
      ask(server, `/ping/${server.token}/CORP/HR_DAILY/1/1`, { headers: { host: "evil.example" } }),
      ask(server, `/ping/${server.token}/CORP/HR_DAILY/1/1`, { method: "DELETE" }),
    ]);
    expect(answers.map(({ status, json }) => [status, json().code])).toEqual([
      [401, "token_invalid"],
      [404, "unknown_task"],
      [404, "not_found"],
      [403, "host_not_allowed"],
      [405, "method_not_allowed"],
    ]);
  });
});
