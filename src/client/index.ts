/**
 * `headgate/client`: a headgate server from inside other people's programs, over HTTP. No dependencies at all.
 *
 * @example
 * import { connect } from "headgate/client"
 * const { runs } = connect()                       // HEADGATE_URL, HEADGATE_TOKEN, HEADGATE_SPOOL
 * await runs.task({ projectCode: "CORP", processLoad: "HR_DAILY", workflowId: 1, taskId: 1 }, async (task) => {
 *   const rows = await load(task.watermark?.activeValue)
 *   task.progress({ rowsWritten: rows })
 * })
 *
 * @example
 * const headgate = connect()
 * const plan = await headgate.plan({ select: ["nightly_sales"] })
 * if (plan.summary.update > 0) await headgate.waitFor(await headgate.apply(plan.id))
 */
import { type ConnectOptions, createCall } from "./http.ts";
import { type ServerJobs, serverJobs } from "./jobs.ts";
import { type ClientRuns, clientRuns, type RunsOptions } from "./runs.ts";

export { type ConnectOptions, HeadgateServerError } from "./http.ts";
export type { ApplyWish, JobFilter } from "./jobs.ts";
export type { RemoteFilter, RemoteLogLine, RemoteRow, RemoteRuns } from "./remote-runs.ts";
export type { Report } from "./report.ts";
export type { ClientRuns, RunReports, RunsOptions } from "./runs.ts";
export type { Drained } from "./spool.ts";
export type { ClientTask, ClientTaskOptions, ClientTaskRef } from "./task.ts";

/** A connected server. Every call about jobs throws `HeadgateServerError`; what is reported of runs does not. */
export interface HeadgateServer extends ServerJobs {
  readonly runs: ClientRuns;
}

/**
 * Connects to a server; nothing is sent before the first call. An address that is missing is told by the first call
 * (code `no_url`): a program must not fail because nobody watches it.
 */
export function connect(options: ConnectOptions & RunsOptions = {}): HeadgateServer {
  const call = createCall(options);
  return { ...serverJobs(call), runs: clientRuns(call, options) };
}
