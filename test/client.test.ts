import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../src/client/index.ts";
import { start, stopAll } from "../src/server/testing/start.ts";
import { declareHr, type Monitor, openMonitor, serveMonitor } from "./runs/monitor.ts";

afterEach(stopAll);

describe("the client", () => {
  it("reads, plans, applies and waits over HTTP", async () => {
    const server = await start({ settings: { apply: true } });
    const headgate = connect({ url: `${server.url}/`, token: server.token });
    expect(await headgate.status()).toMatchObject({ project: "retail", apply: true });
    expect((await headgate.jobs({ q: "night", limit: 10 })).items.map((row) => row.resource)).toEqual(["nightly"]);
    expect((await headgate.job("nightly")).row.resource).toBe("nightly");
    expect(Array.isArray(await headgate.history("nightly"))).toBe(true);
    const plan = await headgate.plan({ select: ["nightly"] });
    expect((await headgate.savedPlan(plan.id)).id).toBe(plan.id);
    const ended = await headgate.waitFor(await headgate.apply(plan.id));
    expect(ended).toMatchObject({ planId: plan.id, state: "done" });
  });

  it("says what the server said: code, status and hint", async () => {
    const server = await start();
    const headgate = connect({ url: server.url, token: server.token });
    await expect(headgate.job("nightli")).rejects.toMatchObject({
      name: "HeadgateServerError",
      status: 404,
      code: "not_found",
    });
    const plan = await headgate.plan();
    await expect(headgate.apply(plan.id)).rejects.toMatchObject({ status: 403, code: "apply_off" });
    await expect(connect({ url: server.url, token: "wrong" }).plan()).rejects.toMatchObject({ status: 401 });
  });

  it("tells a server that is not there, and a missing address", async () => {
    await expect(connect({ url: "http://127.0.0.1:1" }).status()).rejects.toMatchObject({
      status: 0,
      code: "no_answer",
    });
    // A program must not fail where it connects because nobody watches it: the call says it.
    await expect(connect({ url: "" }).status()).rejects.toMatchObject({ status: 0, code: "no_url" });
  });

  it("survives an answer that is no problem document", async () => {
    const html = async () => new Response("<html>bad gateway</html>", { status: 502 });
    await expect(connect({ url: "http://x.example", fetch: html }).status()).rejects.toMatchObject({
      status: 502,
      code: "http_502",
    });
  });
});

describe("the client's runs", () => {
  const load = { projectCode: "CORP", processLoad: "HR_DAILY", workflowId: 1, taskId: 1, processingDate: "2026-11-20" };
  let monitor: Monitor;
  let folder = "";

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "headgate-client-"));
    monitor = await openMonitor({ leaseMs: 600 });
    await declareHr(monitor.runs);
  });
  afterEach(async () => {
    await stopAll();
    await monitor.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const silent = { onWarning: () => undefined };
  const stepsOf = (executionId: string) => monitor.runs.steps({ executionId, workflowId: 1 });

  it("watch a task from start to end, with heartbeats, progress and its watermark", async () => {
    const server = await serveMonitor(monitor);
    const { runs } = connect({ url: server.url, token: server.token, ...silent });
    const made = await runs.generate({ projectCode: "CORP", processLoad: "HR_DAILY", processingDate: "2026-11-20" });
    expect(made).toMatchObject({ outcome: "accepted", answer: { total: 3 } });
    const result = await runs.task({ ...load, executionId: made.executionId }, async (task) => {
      expect(task).toMatchObject({ monitored: true, attempt: 0, watermark: { isBulk: true } });
      task.progress({ rowsWritten: 42 });
      // Longer than the lease: only heartbeats keep it.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await monitor.store.runs.expiredLeases(new Date().toISOString())).toEqual([]);
      return "loaded";
    });
    expect(result).toBe("loaded");
    expect((await stepsOf(made.executionId))[0]).toMatchObject({ status: "DONE", metrics: { rowsWritten: 42 } });
    expect(await runs.getPendingTasks({ ...load, executionId: made.executionId } as never).catch((e) => e.code)).toBe(
      "input_invalid",
    );
    const failing = runs.task({ ...load, taskId: 2, executionId: made.executionId }, () => {
      throw new TypeError("no such column: token=abc password=hunter2");
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect((await stepsOf(made.executionId))[1]).toMatchObject({
      status: "FAIL",
      logCode: "TypeError",
      logMessage: expect.stringContaining("no such column"),
    });
  });

  it("never fail the work, keep what happened while the server is away, and deliver it once, in order", async () => {
    const spool = path.join(folder, "spool.ndjson");
    const away = connect({ url: "http://127.0.0.1:9", token: "hgt_secret", spool, ...silent });
    const { executionId } = await away.runs.generate({
      projectCode: "CORP",
      processLoad: "HR_DAILY",
      processingDate: "2026-11-20",
    });
    expect(await away.runs.task({ ...load, executionId }, (task) => (task.monitored ? "watched" : "alone"))).toBe(
      "alone",
    );
    // What is being delivered lies beside what came since.
    const waiting = readFileSync(`${spool}.sending`, "utf8") + readFileSync(spool, "utf8");
    expect(waiting).not.toContain("hgt_secret");
    const events = waiting
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { path: string; body: object });
    expect(events.map((event) => event.path)).toEqual(["/runs/generate", "/runs/start", "/runs/end"]);
    expect(events[2]?.body).toMatchObject({ spooled: true, timestamp: expect.any(String) });

    const server = await serveMonitor(monitor);
    const back = connect({ url: server.url, token: server.token, spool, ...silent });
    // Delivered by two at once, and again by hand: one start, one end.
    await Promise.all([
      back.runs.flush(),
      connect({ url: server.url, token: server.token, spool, ...silent }).runs.flush(),
    ]);
    appendFileSync(spool, waiting);
    await back.runs.flush();
    expect(existsSync(spool)).toBe(false);
    const [step] = await stepsOf(executionId);
    expect(step).toMatchObject({ status: "DONE", attempt: 0, startInferred: false });
    const accepted = (await monitor.store.runs.eventsAfter(0, 1_000)).filter(({ verdict }) => verdict === "accepted");
    expect(accepted.filter(({ type }) => type === "START" || type === "END").map(({ type }) => type)).toEqual([
      "START",
      "END",
    ]);
  });

  it("cost a hanging server one time limit, not one a report", async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, "127.0.0.1", resolve));
    let calls = 0;
    hanging.on("request", () => {
      calls += 1;
    });
    try {
      const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
      const told: string[] = [];
      const { runs } = connect({ url, reportTimeoutMs: 200, onWarning: (message) => void told.push(message) });
      expect(await runs.task({ ...load, executionId: "h" }, () => 7)).toBe(7);
      expect((await runs.end({ ...load, executionId: "h" })).outcome).toBe("lost");
      expect(calls).toBe(1);
      expect(told).toEqual([expect.stringContaining("HEADGATE_SPOOL")]);
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  });

  it("throw in strict mode, and tell a refusal with who holds the task otherwise", async () => {
    const server = await serveMonitor(monitor);
    const strict = connect({ url: "http://127.0.0.1:9", strict: true, ...silent });
    await expect(strict.runs.start({ ...load, executionId: "s" })).rejects.toMatchObject({ code: "no_answer" });
    const { runs } = connect({ url: server.url, token: server.token, ...silent });
    await runs.start({ ...load, executionId: "s", sourceRunId: "r1" });
    const refused = await runs.start({ ...load, executionId: "s", sourceRunId: "r2" });
    expect(refused).toMatchObject({ outcome: "refused", error: { code: "already_running", data: { holder: {} } } });
    // The work is done all the same; the other's attempt is not ended by it.
    expect(await runs.task({ ...load, executionId: "s" }, () => "done", { sourceRunId: "r3" })).toBe("done");
    expect((await stepsOf("s"))[0]).toMatchObject({ phase: "RUNNING", sourceRunId: "r1" });
  });
});
