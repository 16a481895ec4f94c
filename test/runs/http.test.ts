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
    const ended = await ok(post(server, api("end"), { ...load, logMessage: "42 rows", metrics: { rowsWritten: 42 } }));
    expect(ended).toMatchObject({ status: "DONE", watermarks: [{ name: "LoadEmployees", before: null }] });
    expect(await ok(ask(server, `${api("status")}?${query(process)}`))).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ TaskID: 1, Status: "DONE", LogMessage: "42 rows" })]),
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
