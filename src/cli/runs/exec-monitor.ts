/** The monitor of a wrapped command: the server or store that the environment means, or none; never a reason to fail. */
import { randomUUID } from "node:crypto";
import path from "node:path";
import type { ProjectRuns } from "../../app.ts";
import { createCall, HeadgateServerError } from "../../client/http.ts";
import { type ClientRuns, clientRuns } from "../../client/runs.ts";
import { HeadgateError } from "../../errors.ts";
import type { TaskRef } from "../../model/run-ref.ts";
import type { TaskPath } from "../../util/task-path.ts";
import type { CliContext } from "../context.ts";
import { openOptions } from "../project.ts";
import { localCall } from "./local-call.ts";
import { type AnyRuns, serverOf } from "./open-runs.ts";
import { namedExecution, type RunFlags } from "./reference.ts";

/** A monitor that reports, and what finds a run there. */
export interface ExecMonitor {
  reports: Pick<ClientRuns, "start" | "heartbeat" | "end" | "fail" | "flush">;
  questions: Pick<AnyRuns, "processes" | "getStatus">;
  close(): Promise<void>;
}

/** A project that is closing may wait for a database that does not answer: at most so long. */
const CLOSE_MS = 2_000;

function local(
  { runs, config, close }: ProjectRuns,
  context: CliContext,
  warn: (message: string) => void,
): ExecMonitor {
  const spool = context.env.HEADGATE_SPOOL || path.join(config.dir, ".headgate", "spool.ndjson");
  return {
    reports: clientRuns(localCall(runs), { spool, onWarning: warn }),
    questions: runs,
    close: () => Promise.race([close(), new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS).unref())]),
  };
}

/** Opens the monitor; says why where there is none. */
export async function openMonitor(
  context: CliContext,
  warn: (message: string) => void,
): Promise<ExecMonitor | undefined> {
  try {
    const server = await serverOf(context);
    if (server !== undefined) {
      const call = createCall({ ...server, token: server.token ?? "" });
      const reports = clientRuns(call, { spool: context.env.HEADGATE_SPOOL || undefined, onWarning: warn });
      return { reports, questions: reports, close: async () => undefined };
    }
    const { openProjectRuns } = await import("../../app.ts");
    return local(await openProjectRuns(openOptions(context)), context, warn);
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    warn(`not monitored: ${error.message}`);
    return undefined;
  }
}

/**
 * The run that a wrapped command belongs to: the one that was named, else the newest of the day where the task waits,
 * else a new one. A monitor that does not answer is no reason to wait: a new one.
 */
export async function runFor(
  context: CliContext,
  monitor: ExecMonitor | undefined,
  task: TaskPath,
  flags: RunFlags,
): Promise<TaskRef> {
  const named = namedExecution(context, flags);
  if (named !== undefined) return { ...task, executionId: named, processingDate: flags.date };
  const own = { ...task, executionId: randomUUID(), processingDate: flags.date };
  const { projectCode, processLoad, workflowId, taskId } = task;
  try {
    const [process] =
      (await monitor?.questions.processes({ projectCode, processLoad, processingDate: flags.date })) ?? [];
    if (!process?.executionId) return own;
    const run = { executionId: process.executionId, processingDate: process.processingDate };
    const [row] = (await monitor?.questions.getStatus({ projectCode, processLoad, ...run, workflowId, taskId })) ?? [];
    return row?.Phase === "QUEUED" ? { ...task, ...run } : own;
  } catch (error) {
    if (error instanceof HeadgateServerError || error instanceof HeadgateError) return own;
    throw error;
  }
}
