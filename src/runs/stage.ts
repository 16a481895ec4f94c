/**
 * Stages of a run: tasks of one workflow and sequence run in parallel, stages one after the other. What may be started
 * now, and what keeps the next stage from beginning, in words.
 */
import type { Blocker, PendingTask } from "../model/run-answer.ts";
import type { Step } from "../model/step.ts";
import { nameOf } from "./transition/answers.ts";
import { latestTasks } from "./transition/steps.ts";

/** Tasks that run in parallel, by their latest attempt. */
export interface Stage {
  workflowId: number;
  sequenceId: number;
  sequenceCode: string | null;
  tasks: Step[];
}

/** Stages in their order: workflow, order of the sequence, sequence. */
export function stagesOf(steps: readonly Step[]): Stage[] {
  const tasks = latestTasks(steps).sort(
    (a, b) =>
      a.workflowId - b.workflowId || a.sortOrder - b.sortOrder || a.sequenceId - b.sequenceId || a.taskId - b.taskId,
  );
  const stages: Stage[] = [];
  for (const task of tasks) {
    const last = stages.at(-1);
    if (last && last.workflowId === task.workflowId && last.sequenceId === task.sequenceId) last.tasks.push(task);
    else {
      const { workflowId, sequenceId, sequenceCode } = task;
      stages.push({ workflowId, sequenceId, sequenceCode, tasks: [task] });
    }
  }
  return stages;
}

const isSatisfied = (step: Step): boolean => step.status === "DONE" || step.phase === "SKIPPED";

/** Why a task keeps its stage open, or undefined where it is satisfied. */
export function blockReason(step: Step): Blocker["reason"] | undefined {
  if (isSatisfied(step)) return undefined;
  if (step.status === "FAIL") return step.logCode === "LOST" ? "LOST" : "FAILED";
  return step.phase === "RUNNING" ? "RUNNING" : "PENDING";
}

const firstLine = (text: string): string => text.split("\n", 1)[0]?.slice(0, 200) ?? "";

/** A blocker in words: `Load UK (1/4) failed: connection timeout`. */
export function blockerOf(step: Step, reason: Blocker["reason"]): Blocker {
  const name = nameOf(step);
  const why = step.logMessage ? `: ${firstLine(step.logMessage)}` : "";
  const attempt = step.attempt > 0 ? ` (attempt ${step.attempt + 1})` : "";
  const words: Record<Blocker["reason"], string> = {
    FAILED: `${name} ${step.logCode === "CANCELLED" ? "was cancelled" : "failed"}${attempt}${why}`,
    LOST: `${name} was lost${attempt}${why}`,
    RUNNING: `${name} runs${attempt} since ${step.startTime}`,
    PENDING: `${name} waits${attempt}`,
  };
  const { workflowId, taskId, sequenceId, taskName } = step;
  return { workflowId, taskId, sequenceId, taskName, attempt: step.attempt, reason, sentence: words[reason] };
}

function blockersIn(stage: Stage, mandatory: boolean): Blocker[] {
  return stage.tasks
    .filter((step) => step.taskMandatory === mandatory)
    .flatMap((step) => {
      const reason = blockReason(step);
      return reason ? [blockerOf(step, reason)] : [];
    });
}

/** Place of the first stage whose mandatory tasks are not all done or skipped; the number of stages where there is none. */
export function frontierOf(stages: readonly Stage[]): number {
  const place = stages.findIndex((stage) => blockersIn(stage, true).length > 0);
  return place === -1 ? stages.length : place;
}

/** What {@link mayAdvance} found. */
export interface Advance {
  /** The stage that was asked about; undefined when all are satisfied. */
  stage: Stage | undefined;
  advance: boolean;
  blockers: Blocker[];
  /** Optional tasks that failed or run: they never block. */
  warnings: Blocker[];
  sentence: string;
}

/**
 * Whether what comes after a stage may begin: every mandatory task up to it is done or skipped. Without a stage: after
 * the first that is not satisfied. A stage without tasks is satisfied.
 */
export function mayAdvance(
  steps: readonly Step[],
  at?: { workflowId: number; sequenceId?: number | undefined },
): Advance {
  const stages = stagesOf(steps);
  const frontier = frontierOf(stages);
  const upTo = at === undefined ? frontier : lastPlace(stages, at);
  const among = stages.slice(0, upTo + 1);
  const blockers = among.flatMap((stage) => blockersIn(stage, true));
  const warnings = among.flatMap((stage) => blockersIn(stage, false)).filter((one) => one.reason !== "PENDING");
  const stage = stages[upTo];
  const more = blockers.length > 1 ? `, and ${blockers.length - 1} more` : "";
  const sentence =
    blockers[0] === undefined
      ? warnings.length > 0
        ? `Nothing mandatory is open; ${warnings[0]?.sentence}${warnings.length > 1 ? `, and ${warnings.length - 1} more` : ""}`
        : "Nothing is open"
      : `${blockers[0].sentence}${more}`;
  return { stage, advance: blockers.length === 0, blockers, warnings, sentence };
}

/** Place of the last stage that does not lie after the one asked about. */
function lastPlace(stages: readonly Stage[], at: { workflowId: number; sequenceId?: number | undefined }): number {
  const named = stages.findLastIndex(
    (stage) =>
      stage.workflowId === at.workflowId && (at.sequenceId === undefined || stage.sequenceId === at.sequenceId),
  );
  return named === -1 ? stages.findLastIndex((stage) => stage.workflowId < at.workflowId) : named;
}

/** Tasks that have not ended well, by stage: which may be started now, and what the others wait for. */
export function pendingStages(
  steps: readonly Step[],
  activeValues: ReadonlyMap<string, { type: string; value: string }>,
): PendingTask[][] {
  const stages = stagesOf(steps);
  const frontier = frontierOf(stages);
  const first = stages[frontier];
  const waiting = first
    ? `stage ${first.workflowId}/${first.sequenceId}: ${blockersIn(first, true)[0]?.sentence}`
    : null;
  return stages.map((stage, place) =>
    stage.tasks
      .filter((step) => !isSatisfied(step))
      .map((step): PendingTask => {
        const dispatchable = step.phase === "QUEUED" && place <= frontier;
        const waitsFor =
          step.phase === "RUNNING"
            ? `runs since ${step.startTime}`
            : step.status === "FAIL"
              ? "failed: reset it"
              : dispatchable
                ? null
                : waiting;
        const active = step.sourceSystemCode === null ? undefined : activeValues.get(step.sourceSystemCode);
        return {
          workflowId: step.workflowId,
          taskId: step.taskId,
          sequenceId: step.sequenceId,
          sequenceCode: step.sequenceCode,
          taskName: step.taskName,
          attempt: step.attempt,
          status: step.status,
          phase: step.phase,
          mandatory: step.taskMandatory,
          dispatchable,
          waitsFor,
          sourceType: step.sourceType,
          sourceIdentifier: step.sourceIdentifier,
          sourceSystemCode: step.sourceSystemCode,
          watermarkType: active?.type ?? null,
          watermarkValue: active?.value ?? null,
          fullFileName: step.fullFileName,
          inFilePath: step.inFilePath,
          outFilePath: step.outFilePath,
        };
      }),
  );
}
