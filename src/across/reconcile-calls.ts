/** What to tell the runs room so that a step says what the platform says. Pure. */
import type { StoredStep } from "../model/step.ts";
import type { ObservedStep } from "../runs/observe.ts";

/** A call of the room, and why. */
export interface Call {
  verb: "start" | "end" | "skip" | "unskip" | "replay" | "heartbeat";
  observed: ObservedStep;
  /** Of the step. */
  attempt: number;
  /** Version of the step's newest attempt that this was decided upon, 0 where there was none: the same difference is told once. */
  version: number;
}

/** Calls, in order, and where platform and task say different things. */
export interface Difference {
  calls: Call[];
  contradictions: string[];
}

/** What of a step is looked at. */
type Row = Pick<StoredStep, "attempt" | "status" | "phase" | "logCode" | "sourceRunId" | "endTime">;

const UPSTREAM = new Set(["UPSTREAM_FAILED", "UPSTREAM_CANCELED"]);

/**
 * The calls that bring one task in one run to what was observed of it.
 * @param observed all of one task in one run
 * @param steps its attempts, as the store has them
 */
export function differenceOf(observed: readonly ObservedStep[], steps: readonly StoredStep[]): Difference {
  const rows = new Map<number, Row>(steps.map((step) => [step.attempt, step]));
  const version = steps.reduce((sum, step) => sum + step.version, 0);
  const difference: Difference = { calls: [], contradictions: [] };
  const sorted = [...observed].sort(
    (a, b) => a.attempt - b.attempt || a.precedence - b.precedence || (a.platformTime < b.platformTime ? -1 : 1),
  );
  for (const one of sorted) apply(one, rows, version, difference);
  return difference;
}

/** Decides one observation and notes what its calls lead to, for the next. */
function apply(
  one: ObservedStep,
  rows: Map<number, Row>,
  version: number,
  { calls, contradictions }: Difference,
): void {
  const last = Math.max(-1, ...rows.keys());
  const attempt = attemptOf(one, rows, last);
  const row = rows.get(attempt);
  const call = (verb: Call["verb"]) => calls.push({ verb, observed: one, attempt, version });
  const becomes = (change: Partial<Row>) =>
    rows.set(attempt, {
      attempt,
      status: attempt === 0 ? "NQUE" : "RQUE",
      logCode: null,
      sourceRunId: null,
      endTime: null,
      phase: "QUEUED",
      ...row,
      ...change,
    });
  const waiting = row === undefined || row.phase === "QUEUED" || row.phase === "SKIPPED";
  const start = () => {
    if (row?.phase === "SKIPPED") call("unskip");
    // A task that was done is begun again by a repair that asks for it.
    if (row === undefined && rows.get(last)?.status === "DONE") call("replay");
    call("start");
  };

  if (one.phase === "SKIPPED") {
    const ours = row === undefined ? last < 0 : row.phase === "QUEUED" && !UPSTREAM.has(one.code ?? "");
    if (!ours) return;
    call("skip");
    becomes({ phase: "SKIPPED" });
  } else if (one.phase === "RUNNING") {
    if (row?.phase === "RUNNING") call("heartbeat");
    if (!waiting) return;
    start();
    becomes({ phase: "RUNNING", sourceRunId: one.platformRunId });
  } else if (one.phase === "ENDED") {
    const lostWrongly = row?.phase === "ENDED" && row.logCode === "LOST" && one.status === "DONE";
    if (row?.phase === "ENDED" && !lostWrongly) {
      if (row.status !== one.status && row.logCode !== "LOST") contradictions.push(contradiction(one, row));
      return;
    }
    // Without a start of the platform the end alone is told, and the start is inferred.
    if (waiting && (one.startTime !== null || row?.phase === "SKIPPED" || attempt > last)) start();
    call("end");
    becomes({
      phase: "ENDED",
      status: one.status ?? "FAIL",
      logCode: one.code,
      endTime: one.endTime,
      sourceRunId: row?.sourceRunId ?? one.platformRunId,
    });
  }
}

/**
 * The attempt of the step that an observation is about: the one that says it is this run; else the one of the same
 * number – or, where that ended as another run before this one began, the next.
 */
function attemptOf(one: ObservedStep, rows: ReadonlyMap<number, Row>, last: number): number {
  const own = [...rows.values()].filter((row) => row.sourceRunId !== null && row.sourceRunId === one.platformRunId);
  const first = Math.min(...own.map((row) => row.attempt));
  if (own.length > 0 && !one.discovered) return one.wholeRun ? first + one.attempt : first;
  const same = rows.get(one.attempt);
  const begun = one.startTime ?? "";
  const isOther =
    same?.phase === "ENDED" && same.sourceRunId !== null && same.sourceRunId !== one.platformRunId && !one.discovered;
  if (!isOther || same.endTime === null || begun === "" || same.endTime > begun) return one.attempt;
  const newest = rows.get(last);
  return newest?.phase === "ENDED" ? last + 1 : last;
}

function contradiction(one: ObservedStep, row: Row): string {
  const step = `${one.projectCode}/${one.processLoad}/${one.workflowId}/${one.taskId}`;
  const theirs = one.message ?? one.code ?? one.status;
  return `${step} of ${one.processingDate} is ${row.status} here, and ${one.status} on the platform: ${theirs}`;
}
