import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stopAll, type TestServer } from "../../src/server/testing/start.ts";
import { cli } from "../run-cli.ts";
import { declareHr, type Monitor, openMonitor, serveMonitor } from "./monitor.ts";

let monitor: Monitor;
let server: TestServer;
let folder = "";
let hanging: Server | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-exec-"));
  monitor = await openMonitor();
  server = await serveMonitor(monitor);
  await declareHr(monitor.runs);
});
afterEach(async () => {
  hanging?.closeAllConnections();
  hanging?.close();
  hanging = undefined;
  await stopAll();
  await monitor.close();
  rmSync(folder, { recursive: true, force: true });
});

const env = () => ({ HEADGATE_URL: server.url, HEADGATE_TOKEN: server.token, PATH: process.env.PATH ?? "" });
const run = (args: string[], more: Record<string, string> = {}) =>
  cli(["runs", ...args], { cwd: folder, env: { ...env(), ...more } });
const steps = () => monitor.runs.getStatus({ projectCode: "CORP", workflowId: 1, allAttempts: true });

describe("the verbs of runs over HTTP", () => {
  it("do the same, without a project", async () => {
    const made = await run(["generate", "CORP/HR_DAILY", "--execution", "e1", "--json"]);
    expect(JSON.parse(made.stdout)).toMatchObject({ executionId: "e1", total: 3 });
    expect((await run(["start", "CORP/HR_DAILY/1/1"])).stdout).toContain("running");
    const again = await run(["start", "CORP/HR_DAILY/1/1", "--run-id", "other"]);
    expect(again.code).toBe(3);
    expect((await run(["end", "CORP/HR_DAILY/1/1"])).stdout).toContain("watermark LoadEmployees");
    expect((await run(["status", "CORP/HR_DAILY"])).stdout).toContain("Load Employees");
    writeFileSync(path.join(folder, "headgate.yaml"), "version: 1\nproject: retail\n");
    await run(["sample"]);
    expect((await run(["register"])).stdout).toContain("CORP/HR_DAILY/1/2");
    expect(await run(["status"], { HEADGATE_TOKEN: "hgt_wrong" })).toMatchObject({ code: 77 });
  });
});

it("asks a server once for blockers and their causes", async () => {
  await run(["generate", "CORP/HR_DAILY", "--execution", "e1"]);
  await run(["start", "CORP/HR_DAILY/1/1"]);
  await run(["fail", "CORP/HR_DAILY/1/1", "--message", "no space"]);
  const asked: string[] = [];
  hanging = createServer((request, response) => {
    asked.push(request.url ?? "");
    const headers = { authorization: request.headers.authorization ?? "" };
    fetch(new URL(request.url ?? "", server.url), { headers }).then(
      async (answer) => response.writeHead(answer.status).end(await answer.text()),
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => hanging?.once("listening", resolve));
  const { port } = hanging.address() as AddressInfo;
  const told = await run(["blockers", "--json"], { HEADGATE_URL: `http://127.0.0.1:${port}` });
  expect(told.code, told.stderr).toBe(0);
  expect(JSON.parse(told.stdout)).toMatchObject({ items: [{ ExecutionID: "e1" }], causes: expect.any(Array) });
  expect(asked).toEqual([expect.stringContaining("/blockers")]);
});

describe("runs exec", () => {
  it("tells start and end, and gives the command what it needs", async () => {
    const script = "echo to stdout; echo to stderr >&2; echo $HEADGATE_ATTEMPT $HEADGATE_WATERMARK";
    const ran = await run(["exec", "CORP/HR_DAILY/1/1", "--", "sh", "-c", script]);
    expect(ran).toEqual({ code: 0, stdout: "to stdout\n0 1900-01-01 00:00:00.000\n", stderr: "to stderr\n" });
    const [step] = await steps();
    expect(step).toMatchObject({ Status: "DONE", LogMessage: expect.stringContaining("to stdout") });
  });

  it("returns the command's own code, and keeps the end of what it said without secrets", async () => {
    const script = "seq 1 3000; echo 'login failed: password=hunter2' >&2; exit 7";
    const ran = await run(["exec", "CORP/HR_DAILY/1/1", "--", "sh", "-c", script]);
    expect(ran.code).toBe(7);
    expect(ran.stderr).toBe("login failed: password=hunter2\n");
    const [step] = await steps();
    expect(step).toMatchObject({ Status: "FAIL", LogCode: "EXIT_7" });
    expect(String(step?.LogMessage)).toMatch(/password=\*\*\*$/);
    expect([...String(step?.LogMessage)].length).toBeLessThanOrEqual(2_000);
  });

  it("says 128 + n for a signal, 127 for a command that is not there", async () => {
    const killed = await run(["exec", "CORP/HR_DAILY/1/1", "--execution", "a", "--", "sh", "-c", "kill -TERM $$"]);
    expect(killed.code).toBe(143);
    const missing = await run(["exec", "CORP/HR_DAILY/1/1", "--execution", "b", "--", "no-such-command"]);
    expect(missing.code).toBe(127);
    expect((await steps()).map(({ Status, LogCode }) => [Status, LogCode])).toEqual([
      ["FAIL", "SIGTERM"],
      ["FAIL", "EXIT_127"],
    ]);
  });

  it("joins the run of the day where the task waits, else begins one", async () => {
    await run(["generate", "CORP/HR_DAILY", "--execution", "e1"]);
    await run(["exec", "CORP/HR_DAILY/1/1", "--", "true"]);
    await run(["exec", "CORP/HR_DAILY/1/1", "--", "true"]);
    const rows = await steps();
    const done = rows.filter(({ TaskID, Status }) => TaskID === 1 && Status === "DONE");
    expect(done).toHaveLength(2);
    expect(new Set(done.map(({ ExecutionID }) => ExecutionID)).size).toBe(2);
    expect(done.map(({ ExecutionID }) => ExecutionID)).toContain("e1");
  });

  it("runs the command whatever the monitor does: away, hanging, refusing, none at all", async () => {
    hanging = createServer(() => {
      /* never answers */
    });
    await new Promise<void>((resolve) => hanging?.listen(0, "127.0.0.1", resolve));
    const slow = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    const spool = path.join(folder, "spool.ndjson");
    const command = ["exec", "CORP/HR_DAILY/1/1", "--execution", "away", "--", "sh", "-c", "echo done; exit 5"];
    for (const url of ["http://127.0.0.1:9", slow]) {
      const ran = await run(command, { HEADGATE_URL: url, HEADGATE_SPOOL: spool });
      expect(ran, url).toMatchObject({ code: 5, stdout: "done\n", stderr: expect.stringContaining("events wait in") });
    }
    expect(readFileSync(spool, "utf8")).not.toContain(server.token);
    const refused = await run(["exec", "CORP/NOTHING/1/1", "--execution", "x", "--", "sh", "-c", "echo done"]);
    expect(refused).toMatchObject({ code: 0, stdout: "done\n", stderr: expect.stringContaining("refused") });
    const none = await run(command, { HEADGATE_URL: "" });
    expect(none).toMatchObject({ code: 5, stdout: "done\n", stderr: expect.stringContaining("not monitored") });

    // The next command that reaches the server brings along what waited; repeats of one execution are one.
    await run(["exec", "CORP/HR_DAILY/1/2", "--execution", "away", "--", "true"], { HEADGATE_SPOOL: spool });
    const rows = (await steps()).filter(({ ExecutionID }) => ExecutionID === "away");
    expect(rows.map(({ TaskID, Status, LogCode }) => [TaskID, Status, LogCode])).toEqual([
      [1, "FAIL", "EXIT_5"],
      [2, "DONE", null],
    ]);
  });
});
