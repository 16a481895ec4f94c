/** Routes of the page's Runs view: the grid of processes by date, one run on a time axis, watermarks. */
import * as z from "zod";
import { Day, ProcessRef } from "../../model/run-ref.ts";
import {
  RollbackView,
  RunsGridTasksView,
  RunsGridView,
  RunTimelineView,
  WatermarksView,
} from "../../model/view-runs.ts";
import { route, words } from "./route.ts";

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most).optional();

/** GET /runs/grid. */
const GridQuery = z.strictObject({
  /** First and last day; without, the last 28. With a last day, that day is judged. */
  from: Day.optional(),
  to: Day.optional(),
  /** Words that name, owner or sentence hold. */
  q: z.string().max(200).optional(),
  verdict: words.optional(),
  /** `next` of the page before. */
  cursor: whole(0, 1_000_000),
  limit: whole(1, 200),
});

const DaysQuery = z.strictObject({ from: Day.optional(), to: Day.optional() });

/** GET /runs/timeline. */
const TimelineQuery = ProcessRef.extend({
  /** Its newest run, where no execution is named; the process's own today without either. */
  processingDate: Day.optional(),
  executionId: z.string().min(1).max(128).optional(),
});

/** GET /runs/watermarks/rollback. */
const RollbackQuery = ProcessRef.extend({
  parameterName: z.string().min(1).max(128),
  /** `seq` of the change that would be taken back with all after it. */
  beforeSeq: z.coerce.number().int().min(1),
});

const read = { method: "get", scope: "read", tag: "runs" } as const;

/** Routes of the Runs view. */
export const RUNS_PAGE_ROUTES = {
  getRunsGrid: route({
    ...read,
    path: "/runs/grid",
    summary: "Processes by date: verdict, and one letter a day",
    query: GridQuery,
    answer: RunsGridView,
  }),
  getRunsGridTasks: route({
    ...read,
    path: "/runs/grid/{projectCode}/{processLoad}",
    summary: "Tasks of a process by date",
    params: ProcessRef,
    query: DaysQuery,
    answer: RunsGridTasksView,
    problems: ["unknown_process"],
  }),
  getRunTimeline: route({
    ...read,
    path: "/runs/timeline",
    summary: "One run on a time axis: stages, attempts, forecast, and why it waits",
    query: TimelineQuery,
    answer: RunTimelineView,
    problems: ["unknown_process", "not_found"],
  }),
  getWatermarks: route({
    ...read,
    path: "/runs/watermarks",
    summary: "Watermarks of a process with their last changes",
    query: ProcessRef,
    answer: WatermarksView,
    problems: ["unknown_process"],
  }),
  previewRollback: route({
    ...read,
    path: "/runs/watermarks/rollback",
    summary: "What a rollback of a watermark would do; nothing is done",
    query: RollbackQuery,
    answer: RollbackView,
    problems: ["unknown_process", "unknown_parameter", "not_found"],
  }),
};
