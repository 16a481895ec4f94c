/** Watches: applies what is declared again and again, and says what somebody else changed. */
import { exitCodeOf, HeadgateError } from "../errors.ts";
import type { Change, FieldChange, Plan } from "../model/plan.ts";
import { formatProblem } from "../model/problem.ts";
import type { ApplyItem } from "../model/view.ts";
import type { Clock } from "../util/clock.ts";
import { stableJson } from "../util/stable-json.ts";
import type { ApplyOptions, ApplyReport, WatchEvent, WatchOptions, WatchReport } from "./room.ts";
import { sortPass } from "./watch-pass.ts";

/** What a watch needs of the room. */
export interface WatchDeps {
  /** A plan of the moment, under the policy of the config. */
  plan(options: { select?: string[] | undefined; signal?: AbortSignal | undefined }): Promise<Plan>;
  apply(plan: Plan, options: ApplyOptions): Promise<ApplyReport>;
  clock: Clock;
}

const INTERVAL_MS = 60_000;
/** Quiet passes are told of at 1, 2, 4, 8, … of them in a row, and then at every so many. */
const QUIET_EVERY = 64;

/** What was said, so that a state that lasts is said once. */
function sayOnce(emit: (event: WatchEvent) => void) {
  let before = new Map<string, string>();
  let now = new Map<string, string>();
  return {
    /**
     * @param state what lasts or is another one, as text
     * @returns true where it was news
     */
    say(key: string, state: string, event: WatchEvent): boolean {
      now.set(key, state);
      if (before.get(key) === state) return false;
      emit(event);
      return true;
    },
    /** Ends a pass: what was not said in it is news the next time. */
    turn() {
      before = now;
      now = new Map();
    },
  };
}

/**
 * Watches until the signal is aborted or the iterations are over. Nothing that goes wrong in a pass ends the watch: it is
 * told, and the next pass begins anew from what is declared and found then. A change under way is let finish.
 * @returns exit code 0 after an abort; after the last iteration that of its pass
 */
export async function watchJobs(deps: WatchDeps, options: WatchOptions = {}): Promise<WatchReport> {
  const {
    signal,
    maxIterations = Number.POSITIVE_INFINITY,
    intervalMs = INTERVAL_MS,
    onEvent = () => undefined,
  } = options;
  const once = sayOnce(onEvent);
  const report: WatchReport = { passes: 0, done: 0, failed: 0, exitCode: 0 };
  let quiet = 0;
  while (signal?.aborted !== true) {
    report.passes += 1;
    let news: boolean;
    try {
      news = await pass(deps, options, once.say, report);
    } catch (error) {
      if (signal?.aborted) break;
      report.exitCode = exitCodeOf(error);
      onEvent(errorEvent(error));
      news = true;
    }
    if (signal?.aborted) break;
    once.turn();
    quiet = news ? 0 : quiet + 1;
    if (quiet > 0 && ((quiet & (quiet - 1)) === 0 || quiet % QUIET_EVERY === 0))
      onEvent({ kind: "quiet", passes: quiet });
    if (report.passes >= maxIterations) return report;
    try {
      await deps.clock.sleep(intervalMs, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
  return { ...report, exitCode: 0 };
}

function errorEvent(error: unknown): WatchEvent {
  const known = error instanceof HeadgateError ? error : undefined;
  return {
    kind: "error",
    code: known?.code ?? "internal",
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint,
  };
}

/** One pass. @returns whether there was anything to tell */
async function pass(
  deps: WatchDeps,
  { heal = false, signal, select, run, firstDeploy, onEvent = () => undefined, onPlan, prepare }: WatchOptions,
  say: (key: string, state: string, event: WatchEvent) => boolean,
  report: WatchReport,
): Promise<boolean> {
  let unprepared: unknown;
  await prepare?.().catch((error: unknown) => {
    if (signal?.aborted) throw error;
    unprepared = error;
    onEvent(errorEvent(error));
  });
  const plan = await deps.plan({ select, signal });
  await onPlan?.(plan);
  const { send, drifted, left } = sortPass(plan, { heal });
  let news = unprepared !== undefined;
  const tell = (key: string, state: string, event: WatchEvent) => {
    if (say(key, state, event)) news = true;
  };
  for (const problem of plan.problems) {
    const where = problem.place ? `${problem.place.file}:${problem.place.line}:${problem.place.column} ` : "";
    tell(`problem ${where}${problem.path} ${problem.code}`, problem.message, {
      kind: "problem",
      severity: problem.severity,
      code: problem.code,
      message: formatProblem({ ...problem, hint: undefined }),
      hint: problem.hint,
    });
  }
  for (const change of drifted) {
    const { resource, jobId, fields, action, reason } = change;
    const state = stableJson(fields.map(({ path, before, actual }) => [path, actual ?? null, before ?? null]));
    tell(`drift ${resource}`, state, { kind: "drift", resource, jobId, gone: action === "recreate", reason, fields });
  }
  for (const { resource, jobId, code = "refused", reason, hint } of left) {
    tell(`left ${resource}`, `${code} ${reason}`, { kind: "left", resource, jobId, code, reason, hint });
  }
  const byResource = new Map(send.changes.map((change) => [change.resource, change]));
  const told = new Map<string, "done" | "failed">();
  const applied = await deps.apply(send, {
    firstDeploy,
    run,
    signal,
    onProgress: (item) => {
      const change = byResource.get(item.resource);
      if (change === undefined || item.state === "waiting" || item.state === "running") return;
      news = true;
      // A new job is told twice where it turns out later that not all is as it was sent.
      const former = told.get(item.resource);
      const state = item.state === "done" ? "done" : "failed";
      if (former) report[former] -= 1;
      report[state] += 1;
      told.set(item.resource, state);
      onEvent(itemEvent(item, change));
    },
  });
  const exitCode = worst(applied.exitCode, left.length, plan);
  report.exitCode = exitCode === 0 && unprepared !== undefined ? exitCodeOf(unprepared) : exitCode;
  if (applied.error !== undefined) {
    news = true;
    onEvent({ kind: "error", code: "retry", message: applied.error, hint: "the next pass goes on" });
  }
  return news;
}

function itemEvent(item: ApplyItem, change: Change): WatchEvent {
  const sent = (field: FieldChange) => field.kept !== true;
  return {
    kind: "job",
    resource: item.resource,
    action: change.action,
    state: item.state === "done" ? "done" : "failed",
    jobId: item.jobId,
    healed: change.action === "recreate" || change.fields.some((field) => sent(field) && field.kind === "drift"),
    fields: change.fields.filter(sent),
    error: item.error,
  };
}

/** Exit code of a pass: of its apply, else 3 where jobs had to be left alone, else 65 for faulty declarations. */
function worst(applied: number, left: number, plan: Plan): number {
  if (applied !== 0) return applied;
  if (plan.problems.some((problem) => problem.severity === "error")) return 65;
  return left > 0 ? 3 : 0;
}
