/** What a platform's run says of the steps of a process. Pure. */
import { createHash } from "node:crypto";
import type { Run } from "../../model/run.ts";
import type { Observation } from "../../store/runs.ts";
import type { JsonObject } from "../../util/json.ts";
import { stableJson } from "../../util/stable-json.ts";
import type { MatchedProcess } from "../match.ts";
import type { ExecutionOf } from "../match-execution.ts";
import type { Attempt } from "./attempts.ts";

/** An observation with what a command needs beside it. */
export interface ObservedStep extends Observation {
  clusterId: string | null;
  metrics: JsonObject | null;
  /** The process was never declared: nobody but us tells of its steps. */
  discovered: boolean;
  /** The step is a whole run of the platform: its attempts have one run id. */
  wholeRun: boolean;
  /** Somebody else told of this run of the process. */
  told: boolean;
}

const PHASES: Readonly<Record<Attempt["state"], Observation["phase"]>> = {
  queued: "QUEUED",
  pending: "QUEUED",
  unknown: "QUEUED",
  running: "RUNNING",
  done: "ENDED",
  failed: "ENDED",
  cancelled: "ENDED",
  skipped: "SKIPPED",
};

/** Of two about one attempt the greater stands. */
const PRECEDENCE: Readonly<Record<Observation["phase"], number>> = { QUEUED: 1, RUNNING: 2, SKIPPED: 3, ENDED: 4 };

/** Old words that say more than the new ones (`CANCELED` stands for a time limit too). */
const TELLING = new Set(["TIMEDOUT", "UPSTREAM_FAILED", "UPSTREAM_CANCELED", "EXCLUDED", "DISABLED"]);

/** Id that follows from the content: the same fact has the same id whoever reads it, and whenever. */
export function factId(content: unknown): string {
  return createHash("sha256").update(stableJson(content)).digest("base64url").slice(0, 27);
}

/**
 * One observation for every attempt of every task of the process in this run.
 * @param source name of the run source
 */
export function observationsOf(
  run: Run,
  matched: MatchedProcess,
  { processingDate, executionId, told }: ExecutionOf,
  source: string,
): ObservedStep[] {
  const { projectCode, processLoad } = matched.process;
  return matched.tasks.flatMap(({ workflowId, taskId, taskKey, attempts }) =>
    attempts.map((one): ObservedStep => {
      const phase = PHASES[one.state];
      const ended = phase === "ENDED";
      const fact = {
        projectCode,
        processLoad,
        processingDate,
        executionId,
        workflowId,
        taskId,
        attempt: one.attempt,
        source,
        status: ended ? (one.state === "done" ? "DONE" : "FAIL") : null,
        phase,
        // A repair runs again what was skipped before: it is the same attempt of ours, and says more.
        precedence: one.order * 10 + PRECEDENCE[phase],
        platformTime: (ended ? one.endedAt : undefined) ?? one.startedAt ?? run.startedAt ?? "",
        startTime: phase === "QUEUED" || phase === "SKIPPED" ? null : (one.startedAt ?? null),
        endTime: ended ? (one.endedAt ?? null) : null,
        code: (one.result !== undefined && TELLING.has(one.result) ? one.result : one.code) ?? null,
        message: one.message ?? null,
        platformRunId: one.runId,
        url: one.url ?? run.url ?? null,
      } satisfies Omit<Observation, "observationId">;
      const metrics = one.iterations === undefined ? null : iterationMetrics(one.iterations);
      const beside = {
        clusterId: one.clusterId ?? null,
        metrics,
        discovered: matched.discovered,
        wholeRun: taskKey === null,
        told,
      };
      return { ...fact, observationId: factId(fact), ...beside };
    }),
  );
}

function iterationMetrics({ total, succeeded, failed }: NonNullable<Attempt["iterations"]>): JsonObject {
  return { iterations: total, iterationsSucceeded: succeeded, iterationsFailed: failed };
}
