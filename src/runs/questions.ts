/** Questions to the runs room: what is pending, what blocks, how each process stands. */

import type { ProcessHealth } from "../model/process-health.ts";
import type { CanAdvanceAnswer, PendingAnswer } from "../model/run-answer.ts";
import { CanAdvanceRequest, PendingRequest, StatusRequest } from "../model/run-request.ts";
import type { RunFilter, ViewRow } from "../store/runs.ts";
import { utc } from "../util/clock.ts";
import { checked } from "./check-request.ts";
import { generateRun } from "./generate.ts";
import { dayAfter } from "./grid.ts";
import { dayOf, findProcess } from "./lookup.ts";
import { modeAt, processingDate } from "./mode.ts";
import type { RunsRoom } from "./room.ts";
import type { RoomDeps } from "./room-deps.ts";
import { mayAdvance, pendingStages } from "./stage.ts";
import { factsOf } from "./transition/steps.ts";
import { judge } from "./verdict.ts";
import { activeWatermark } from "./watermark.ts";

/** Verbs of {@link RunsRoom} that only ask. */
export type Questions = Pick<RunsRoom, "getPendingTasks" | "getStatus" | "getBlockers" | "canAdvance" | "processes">;

const MANY = 100_000;
/** Worst first. */
const ORDER: readonly ProcessHealth["verdict"][] = ["failed", "stuck", "blocked", "late", "at_risk", "unknown", "ok"];

/** How far back a process without a run today is looked for: a month that has one. */
const FORMER_DAYS = 35;

/** A day that ended red, or never did: one that was done too late is over. */
const isUnmended = ({ verdict, runState }: ProcessHealth): boolean =>
  verdict !== "ok" && verdict !== "unknown" && runState?.startsWith("COMPLETE") === false;

/** A filter of a view; only what the views know. */
function viewFilter(request: StatusRequest): RunFilter {
  const { projectCode, processLoad, processingDate: day, executionId, workflowId, taskId, attempt } = request;
  return { projectCode, processLoad, processingDate: day, executionId, workflowId, taskId, attempt, limit: MANY };
}

const fits = (row: ViewRow, request: StatusRequest): boolean =>
  request.sequenceId === undefined || row.SequenceID === request.sequenceId;

/** Only the newest attempt of each task in each run. */
function newestAttempts(rows: readonly ViewRow[]): ViewRow[] {
  const key = (row: ViewRow) =>
    JSON.stringify([row.ProjectCode, row.ProcessLoad, row.ProcessingDate, row.ExecutionID, row.WorkFlowID, row.TaskID]);
  const newest = new Map<string, number>();
  for (const row of rows) newest.set(key(row), Math.max(newest.get(key(row)) ?? 0, Number(row.Attempts)));
  return rows.filter((row) => newest.get(key(row)) === row.Attempts);
}

/** A blocking row in words. */
function sentenceOf(row: ViewRow): string {
  const name = `${row.TaskName ?? "Task"} (${row.WorkFlowID}/${row.TaskID})`;
  const why = row.LogMessage ? `: ${String(row.LogMessage).split("\n", 1)[0]?.slice(0, 200)}` : "";
  const words: Record<string, string> = {
    FAILED: `failed${why}`,
    LOST: `was lost${why}`,
    RUNNING: `runs since ${row.StartTime}`,
    PENDING: "waits",
  };
  const before = row.BlocksFrom ? `; stage ${row.BlocksFrom} waits for it` : "";
  return `${row.ProjectCode}/${row.ProcessLoad} ${row.ProcessingDate}: ${name} ${words[String(row.BlockReason)] ?? "is open"}${before}`;
}

/** The questions. */
export function questions(deps: RoomDeps): Questions {
  const { runs } = deps.store;
  return {
    async getPendingTasks(given, context): Promise<PendingAnswer> {
      const request = checked(PendingRequest, given);
      const { projectCode, processLoad, executionId } = request;
      const day = await dayOf(deps, request);
      const key = { projectCode, processLoad, processingDate: day, executionId };
      let steps = await runs.steps({ ...key, limit: MANY });
      if (!factsOf(steps).generated) {
        await generateRun(deps, key, { actor: context?.actor });
        steps = await runs.steps({ ...key, limit: MANY });
      }
      const process = await findProcess(deps, request);
      const values = (await runs.catalogue.parameters(projectCode, processLoad)).map((parameter) => {
        const { type, activeValue } = activeWatermark(parameter, process.timezone, deps.clock.now());
        return [parameter.name, { type, value: activeValue }] as const;
      });
      const stages = pendingStages(steps, new Map(values))
        .map((stage) =>
          stage.filter(
            (task) =>
              (request.all || task.dispatchable) &&
              (request.workflowId === undefined || task.workflowId === request.workflowId) &&
              (request.sequenceId === undefined || task.sequenceId === request.sequenceId),
          ),
        )
        .filter((stage) => stage.length > 0);
      const items = stages.flat();
      return { ...key, count: items.length, items, stages };
    },

    async getStatus(given) {
      const request = checked(StatusRequest, given);
      if (request.summaryMode) return runs.views.v_processStatus({ ...viewFilter(request), limit: request.limit });
      const rows = (await runs.views.v_taskDetail(viewFilter(request))).filter((row) => fits(row, request));
      const wanted = request.allAttempts || request.attempt !== undefined ? rows : newestAttempts(rows);
      return wanted.slice(0, request.limit ?? 1_000);
    },

    async getBlockers(given) {
      const request = checked(StatusRequest, given);
      const rows = await runs.views.v_mandatoryBlockers(viewFilter(request));
      const items = rows.filter((row) => fits(row, request)).slice(0, request.limit ?? 1_000);
      return { items, sentences: items.map(sentenceOf) };
    },

    async canAdvance(given): Promise<CanAdvanceAnswer> {
      const request = checked(CanAdvanceRequest, given);
      const { projectCode, processLoad, executionId, workflowId, sequenceId } = request;
      const day = await dayOf(deps, request);
      const key = { projectCode, processLoad, processingDate: day, executionId };
      const steps = await runs.steps({ ...key, limit: MANY });
      if (steps.length === 0) {
        await findProcess(deps, request);
        const sentence = `The run ${executionId} of ${day} is not generated yet`;
        return { ...key, workflowId: null, sequenceId: null, advance: false, blockers: [], warnings: [], sentence };
      }
      const found = mayAdvance(steps, workflowId === undefined ? undefined : { workflowId, sequenceId });
      const { advance, blockers, warnings, sentence, stage } = found;
      return {
        ...key,
        workflowId: workflowId ?? stage?.workflowId ?? null,
        sequenceId: sequenceId ?? stage?.sequenceId ?? null,
        advance,
        blockers,
        warnings,
        sentence,
      };
    },

    async processes(filter = {}) {
      const now = deps.clock.now();
      const { projectCode, processLoad, project } = filter;
      const found = (await runs.catalogue.processes({ projectCode, processLoad, project })).filter(
        (one) => one.isActive,
      );
      const healths = await Promise.all(
        found.map(async (process) => {
          const key = { projectCode: process.projectCode, processLoad: process.processLoad };
          const mode = await runs.mode(process.projectCode, process.processLoad);
          const parameters = await runs.catalogue.parameters(process.projectCode, process.processLoad);
          const judgeOn = async (day: string) => {
            const steps = await runs.steps({ ...key, processingDate: day, limit: MANY });
            return judge({ process, mode: modeAt(mode, utc(now)), day, steps, now });
          };
          const today = processingDate(parameters, mode, process.timezone, now);
          const health = await judgeOn(filter.processingDate ?? today);
          if (filter.processingDate !== undefined || health.verdict !== "unknown") return health;
          // What has not been put right stays wrong until there is another run.
          const former = await runs.dayTallies({
            ...key,
            from: dayAfter(today, -FORMER_DAYS),
            to: dayAfter(today, -1),
          });
          const last = former.at(-1);
          const before = last === undefined ? undefined : await judgeOn(last.processingDate);
          return before !== undefined && isUnmended(before) ? before : health;
        }),
      );
      const place = (health: ProcessHealth) => ORDER.indexOf(health.verdict);
      return healths.sort(
        (a, b) =>
          place(a) - place(b) ||
          a.projectCode.localeCompare(b.projectCode) ||
          a.processLoad.localeCompare(b.processLoad),
      );
    },
  };
}
