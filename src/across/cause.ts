/** Why a run is red, or waits: which step before it, and which table, with what is known of each. Pure. */

import type { Step } from "../model/step.ts";
import { blockReason, type Stage, stagesOf } from "../runs/stage.ts";
import { formatDuration } from "../util/duration.ts";
import { when } from "../util/when.ts";

/** A table that a task of the run reads, and who writes it. */
export interface TableRead {
  /** The task that reads it. */
  workflowId: number;
  taskId: number;
  table: string;
  /** UTC text of its last write; null where none was seen. */
  lastWritten: string | null;
  /** UTC text: the moment that all this is told of; null = now. */
  asOf: string | null;
  writers: TableWriter[];
}

/** Who writes a table, and how that went last. */
export interface TableWriter {
  name: string;
  /** `unknown` where its runs are not read. */
  state: "done" | "failed" | "running" | "waiting" | "unknown";
  /** UTC text. */
  at: string | null;
  message: string | null;
}

/** Something that keeps a run from being whole. */
export interface Cause {
  kind: "failed" | "lost" | "running" | "waits" | "table";
  /** The step that it is about. */
  workflowId: number;
  taskId: number;
  /** One sentence for people. */
  sentence: string;
  /** What it rests on: steps (`step 1/4 attempt 0`) and tables (`table silver.orders`). */
  evidence: string[];
}

/** What is asked about. */
interface CauseQuestion {
  /** All steps of one run. */
  steps: readonly Step[];
  /** Of tasks of this run, as far as lineage is known. */
  reads?: readonly TableRead[] | undefined;
  /** Milliseconds since 1970 UTC. */
  now: number;
  timezone: string;
}

/** A table that was written longer ago than this is told of, though its writer says nothing. */
const STALE_MS = 36 * 3_600_000;
const MOST_NAMED = 3;

const keyOf = (of: { workflowId: number; taskId: number }): string => `${of.workflowId}/${of.taskId}`;
const nameOf = (step: Step): string => step.taskName ?? `task ${keyOf(step)}`;
const evidenceOf = (step: Step): string => `step ${keyOf(step)} attempt ${step.attempt}`;
const firstLine = (text: string): string => text.split("\n", 1)[0]?.slice(0, 200) ?? "";
const stageName = (stage: Pick<Stage, "sequenceId">): string => `stage ${stage.sequenceId}`;

/** Names, a few of them. */
function some(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  if (rest > 0) return `${names.slice(0, MOST_NAMED).join(", ")} and ${rest} more`;
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/**
 * The causes, first what stands still by itself, then what waits for it. A run that is whole, or has just begun without
 * anything in its way, has none.
 */
export function causesOf({ steps, reads = [], now, timezone }: CauseQuestion): Cause[] {
  const at = (time: string | null) => (time === null ? "" : ` ${when(time, now, timezone)}`);
  const stages = stagesOf(steps);
  const causes: Cause[] = [];

  /** `Load orders (stage 2), which failed 04:18: connection timeout` */
  const stateOf = (step: Step, reason: ReturnType<typeof blockReason>): string => {
    const why = step.logMessage ? `: ${firstLine(step.logMessage)}` : "";
    if (reason === "LOST") return `was lost${at(step.endTime)}${why}`;
    if (reason === "FAILED")
      return `${step.logCode === "CANCELLED" ? "was cancelled" : "failed"}${at(step.endTime)}${why}`;
    if (reason === "RUNNING") return `has been running since${at(step.startTime)}`;
    return "has not started";
  };

  // The first stage that is not satisfied holds up all that come after it.
  let holding: { stage: Stage; blockers: Step[] } | undefined;
  for (const stage of stages) {
    const open = stage.tasks.filter((step) => blockReason(step) !== undefined);
    for (const step of open) {
      const reason = blockReason(step);
      if (reason !== "FAILED" && reason !== "LOST") continue;
      const { workflowId, taskId } = step;
      const optional = step.taskMandatory ? "" : ", which is optional,";
      const sentence = `${nameOf(step)} (${stageName(stage)})${optional} ${stateOf(step, reason)}`;
      const kind = reason === "LOST" ? "lost" : "failed";
      causes.push({ kind, workflowId, taskId, sentence, evidence: [evidenceOf(step)] });
    }
    if (holding !== undefined) {
      const waiting = stage.tasks.filter((step) => blockReason(step) === "PENDING");
      causes.push(...waitingCauses(waiting, stage, holding, stateOf));
    } else if (open.some((step) => step.taskMandatory)) {
      const blockers = open.filter((step) => step.taskMandatory);
      holding = { stage, blockers };
      causes.push(...runningLong(blockers, stage, now));
    }
  }
  const red = new Set(
    steps.filter((step) => ["FAILED", "LOST", "PENDING"].includes(blockReason(step) ?? "")).map(keyOf),
  );
  for (const read of reads) if (red.has(keyOf(read))) causes.push(...tableCause(read, now, at));
  return causes;
}

/** One sentence for all that wait in a stage: what they wait for is the same. */
function waitingCauses(
  waiting: readonly Step[],
  stage: Stage,
  holding: { stage: Stage; blockers: Step[] },
  stateOf: (step: Step, reason: ReturnType<typeof blockReason>) => string,
): Cause[] {
  const [first] = waiting;
  if (first === undefined) return [];
  const worst = [...holding.blockers].sort((a, b) => rank(a) - rank(b));
  const [main] = worst;
  if (main === undefined) return [];
  const others = worst.length > 1 ? ` (and ${worst.length - 1} more of that stage)` : "";
  const waits = waiting.length === 1 ? "waits" : "wait";
  const sentence =
    `${some(waiting.map(nameOf))} (${stageName(stage)}) ${waits} for ` +
    `${nameOf(main)} (${stageName(holding.stage)})${others}, which ${stateOf(main, blockReason(main))}`;
  const evidence = [...waiting.map(evidenceOf), ...worst.map(evidenceOf)];
  return [{ kind: "waits", workflowId: first.workflowId, taskId: first.taskId, sentence, evidence }];
}

function rank(step: Step): number {
  return ["FAILED", "LOST", "RUNNING", "PENDING"].indexOf(blockReason(step) ?? "PENDING");
}

/** Steps that hold up the run because they take longer than they should. */
function runningLong(steps: readonly Step[], stage: Stage, now: number): Cause[] {
  return steps.flatMap((step): Cause[] => {
    if (step.phase !== "RUNNING" || step.startTime === null || step.expectedSeconds === null) return [];
    const elapsed = now - Date.parse(step.startTime);
    if (elapsed <= step.expectedSeconds * 1_000) return [];
    const expected = formatDuration(step.expectedSeconds * 1_000);
    const sentence = `${nameOf(step)} (${stageName(stage)}) has been running for ${formatDuration(elapsed)}, where ${expected} are expected`;
    const { workflowId, taskId } = step;
    return [{ kind: "running", workflowId, taskId, sentence, evidence: [evidenceOf(step)] }];
  });
}

/** A table that a step of this run reads, where its last write tells something. */
function tableCause(read: TableRead, now: number, at: (time: string | null) => string): Cause[] {
  const { table, lastWritten, writers, workflowId, taskId } = read;
  const age = lastWritten === null ? Number.POSITIVE_INFINITY : now - Date.parse(lastWritten);
  const bad =
    writers.find((one) => one.state === "failed") ??
    writers.find((one) => one.state === "running" || one.state === "waiting");
  // How old a table was when something failed long ago says nothing: it has been written since.
  if (bad === undefined && (age <= STALE_MS || read.asOf !== null)) return [];
  const by = bad ?? writers[0];
  const words: Record<TableWriter["state"], string> = {
    failed: `failed${by ? at(by.at) : ""}${by?.message ? `: ${firstLine(by.message)}` : ""}`,
    running: `has been running since${by ? at(by.at) : ""}`,
    waiting: "waits to run",
    done: `was done${by ? at(by.at) : ""}`,
    unknown: "whose runs are not known",
  };
  const written = lastWritten === null ? "was never seen being written" : `was last written ${formatDuration(age)} ago`;
  const who = by === undefined ? "" : ` by ${by.name}, ${by.state === "unknown" ? "" : "which "}${words[by.state]}`;
  return [
    {
      kind: "table",
      workflowId,
      taskId,
      sentence: lastWritten === null && by ? `${table} ${written}; it is written${who}` : `${table} ${written}${who}`,
      evidence: [`table ${table}`, ...writers.map((one) => `writer ${one.name}`)],
    },
  ];
}
