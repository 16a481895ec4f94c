/**
 * /ping/{key}/{project}/{load}/{workflow}/{task}[/start|/fail|/log|/{exitcode}]: runs told with one address, by what can
 * do no more than fetch one (cron and curl, appliances). The key in the path is a token of scope write; GET changes
 * something here by design. Semantics as those of Healthchecks: no suffix is success, an exit code says which.
 */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { Principal } from "../access/principal.ts";
import { allows } from "../access/scope.ts";
import { HeadgateError } from "../errors.ts";
import { Day, type TaskRef } from "../model/run-ref.ts";
import { utc } from "../util/clock.ts";
import { formatJson } from "../util/int64-json.ts";
import { nearest } from "../util/nearest.ts";
import { redact } from "../util/redact.ts";
import { maskSecrets } from "../util/secret-patterns.ts";
import { parseTaskPath, type TaskPath } from "../util/task-path.ts";
import { peerAddress } from "./authorize.ts";
import { readBody } from "./guards.ts";
import type { App, AppEnv } from "./http-app.ts";
import { Refusal } from "./problem.ts";
import type { ServerContext } from "./server-context.ts";
import type { ServerRuns } from "./server-runs.ts";

/** Bytes a ping may bring along; the message is cut to less. */
const BODY_LIMIT = 100_000;
const MESSAGE = 60_000;
const WORDS = ["start", "fail", "log"];

/** The path without its key: for logs. */
export function withoutKey(path: string): string {
  return path.replace(/^\/ping\/[^/]*/, "/ping/***");
}

/** What a ping says. */
type Saying = { kind: "start" | "log" } | { kind: "end" } | { kind: "fail"; code: string | undefined };

function sayingOf(suffix: string | undefined): Saying {
  if (suffix === undefined) return { kind: "end" };
  if (suffix === "start" || suffix === "log") return { kind: suffix };
  if (suffix === "fail") return { kind: "fail", code: undefined };
  const code = /^\d{1,3}$/.test(suffix) ? Number(suffix) : Number.NaN;
  if (code === 0) return { kind: "end" };
  if (code <= 255) return { kind: "fail", code: `EXIT_${code}` };
  const near = nearest(suffix, WORDS);
  throw new HeadgateError("not_found", `A ping says nothing by /${suffix}`, {
    hint: near === undefined ? "Write /start, /fail, /log, or an exit code of 0 to 255." : `Did you mean /${near}?`,
    permanent: true,
  });
}

/** Who holds the key. Tokens are found by their hash, so that no comparison tells how much of a guess was right. */
async function holderOf(c: Context<AppEnv>, context: ServerContext): Promise<Principal> {
  const identity = await context.identify({
    authorization: `Bearer ${c.req.param("key") ?? ""}`,
    session: undefined,
    address: peerAddress(c.env.incoming),
    header: () => undefined,
  });
  if (identity === undefined || "refused" in identity) {
    throw new Refusal("token_invalid", "The key of this ping was not accepted.", {
      hint: "headgate token create NAME --scope write makes one.",
    });
  }
  if (!allows(identity.principal.scopes, "write")) {
    throw new Refusal("scope_missing", "The key of this ping may not write.", {
      hint: "headgate token create NAME --scope write makes one that may.",
    });
  }
  return identity.principal;
}

function taskOf(c: Context<AppEnv>): TaskPath {
  const { project = "", load = "", workflow = "", task = "" } = c.req.param() as Record<string, string>;
  const path = [encodeURIComponent(project), encodeURIComponent(load), workflow, task].join("/");
  const found = parseTaskPath(path);
  if (found !== undefined) return found;
  throw new HeadgateError("not_found", `There is no task ${path}`, {
    hint: "The path is /ping/KEY/PROJECT/LOAD/WORKFLOW/TASK, like /ping/…/CORP/HR_DAILY/1/7.",
    permanent: true,
  });
}

/**
 * The run a ping belongs to: the one it names; else the newest of the day, unless the task has ended there and begins
 * again, which is a run of its own.
 */
async function runFor(runs: ServerRuns, task: TaskPath, kind: Saying["kind"], query: { rid?: string; date?: string }) {
  if (query.rid) return { ...task, executionId: query.rid, processingDate: query.date };
  const { projectCode, processLoad, workflowId, taskId } = task;
  const [process] = await runs.processes({ projectCode, processLoad, processingDate: query.date });
  if (process?.executionId) {
    const run = { executionId: process.executionId, processingDate: process.processingDate };
    const [row] = await runs.getStatus({ projectCode, processLoad, ...run, workflowId, taskId });
    if (kind !== "start" || row === undefined || row.Phase !== "ENDED") return { ...task, ...run };
  }
  return { ...task, executionId: runs.generateExecutionId(), processingDate: query.date };
}

function dateOf(c: Context<AppEnv>): string | undefined {
  const text = c.req.query("date");
  if (text === undefined || text === "") return undefined;
  if (Day.safeParse(text).success) return text;
  throw new HeadgateError("input_invalid", `${text} is no date`, {
    hint: "Write it like 2026-11-21.",
    permanent: true,
  });
}

/** Mounts the pings. */
export function mountPing(app: App, context: ServerContext): void {
  const { runs, store, clock } = context.deps;
  const path = "/ping/:key/:project/:load/:workflow/:task";

  async function log(ref: TaskRef, message: string): Promise<object> {
    const { projectCode, processLoad, executionId, workflowId, taskId } = ref;
    const beat = await runs.heartbeat(ref);
    const logTime = utc(clock.now());
    const line = { logTime, message, executionId, workflowId, taskId };
    await store.runs.log([
      {
        key: `ping-${createHash("sha256").update(formatJson(line)).digest("hex").slice(0, 32)}`,
        processingDate: beat.processingDate,
        projectCode,
        processLoad,
        sourceType: "PING",
        runId: null,
        executionId,
        correlationId: null,
        pipelineName: null,
        activityName: `${workflowId}/${taskId}`,
        operationName: "Log",
        level: 1,
        logTime,
        message,
      },
    ]);
    return beat;
  }

  async function answer(c: Context<AppEnv>): Promise<Response> {
    c.set("route", path.replace(/:(\w+)/g, "{$1}"));
    c.header("cache-control", "no-store");
    const principal = await holderOf(c, context);
    const saying = sayingOf(c.req.param("what"));
    const date = dateOf(c);
    const rid = c.req.query("rid");
    const body = c.req.method === "POST" ? await readBody(c.req.raw, BODY_LIMIT) : "";
    const text = maskSecrets(redact(body)).trim().slice(0, MESSAGE);
    const ref = await runFor(runs, taskOf(c), saying.kind, { ...(rid ? { rid } : {}), ...(date ? { date } : {}) });
    const by = { actor: principal.actor, idempotencyKey: c.req.header("idempotency-key") };
    const logMessage = text === "" ? undefined : text;
    const told =
      saying.kind === "start"
        ? await runs.startTask(ref, by)
        : saying.kind === "end"
          ? await runs.endTask({ ...ref, logMessage }, by)
          : saying.kind === "fail"
            ? await runs.failTask({ ...ref, logMessage, logCode: saying.code }, by)
            : await log(ref, text);
    context.runsMoved();
    return c.body(redact(formatJson(told)), 200, { "content-type": "application/json" });
  }

  for (const route of [path, `${path}/:what`]) {
    app.on(["GET", "POST"], route, answer);
    app.all(route, (c) => {
      throw new Refusal("method_not_allowed", `${c.req.method} is not allowed here.`, {
        headers: { allow: "GET, HEAD, POST" },
      });
    });
  }
}
