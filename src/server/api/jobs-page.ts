/** Routes that the page asks beside those of the jobs themselves: calendar, changes of all jobs, going back, adopting. */
import * as z from "zod";
import { HistoryItem } from "../../model/view.ts";
import { PlanView } from "../plan-view.ts";
import { route } from "./route.ts";

const count = z.number().int();

/** Body of POST /jobs/{resource}/rollback. */
const RollbackBody = z.strictObject({
  /** Serial of a kept definition; the one before the last when absent. */
  to: z.number().int().min(0).optional(),
});

/** GET /history: what was changed last over all jobs, newest first; the fields are in the history of each job. */
export const RecentChangesAnswer = z.object({
  items: z.array(HistoryItem.omit({ fields: true }).extend({ resource: z.string(), jobId: z.string() })),
  /** There are older changes than these. */
  more: z.boolean(),
  /** Deleted jobs whose history was not looked at. */
  unseen: count,
});
export type RecentChangesAnswer = z.infer<typeof RecentChangesAnswer>;

/** Query of GET /calendar. */
export const CalendarQuery = z.object({
  /** First day, in the project's zone; today when absent. */
  from: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, "a date like 2026-11-21")
    .optional(),
  days: z.coerce.number().int().min(1).max(31).default(7),
  /** Text in the name or resource. */
  q: z.string().max(200).optional(),
  /** Only jobs that start in this hour (0 to 23) of the days. */
  hour: z.coerce.number().int().min(0).max(23).optional(),
  /** Jobs of a page. */
  limit: z.coerce.number().int().min(0).max(1_000).default(200),
  /** `next` of the page before. */
  after: z.coerce.number().int().min(0).default(0),
});
export type CalendarQuery = z.infer<typeof CalendarQuery>;

const CalendarJob = z.object({
  resource: z.string(),
  name: z.string(),
  /** The schedule in words, in its own zone. */
  text: z.string(),
  expression: z.string(),
  timezone: z.string().nullable(),
  /** It would start then, were it not paused. */
  paused: z.boolean(),
  /** Seconds from `begins` to each start. */
  starts: z.array(count),
  /** More starts than a job is asked for: those that follow are left out. */
  cut: z.boolean(),
  /** How long it usually runs, in ms; null where that is not known. */
  runMs: z.number().nullable(),
});
export type CalendarJob = z.infer<typeof CalendarJob>;

const CalendarDay = z.object({
  /** `2026-11-21` in the project's zone. */
  date: z.string(),
  /** Seconds from `begins` to its midnight. */
  offset: count,
  /** Starts in each hour of its clock, and starts that paused jobs would have. */
  starts: z.array(count),
  paused: z.array(count),
  /** Runs that are expected to be under way at the same time at most. */
  atOnce: z.array(count),
});

/** GET /calendar: when scheduled jobs start. Counts are of all jobs that fit; `items` are a page of them. */
export const CalendarAnswer = z.object({
  /** The zone of days and hours. */
  zone: z.string(),
  /** UTC text: midnight of the first day, and of the day after the last. */
  begins: z.string(),
  ends: z.string(),
  days: z.array(CalendarDay),
  /** Jobs with a start, first start first. */
  count: count,
  items: z.array(CalendarJob),
  next: count.nullable(),
  /** Jobs without a clock: they start continuously, on an event, or only when told. */
  without: z.object({ continuous: count, event: count, none: count }),
});
export type CalendarAnswer = z.infer<typeof CalendarAnswer>;

/** GET /jobs/{jobId}/adopt-preview. */
export const AdoptPreview = z.object({
  jobId: z.string(),
  name: z.string(),
  /** The resource id it would get. */
  resource: z.string(),
  /** The whole file. */
  yaml: z.string(),
});
export type AdoptPreview = z.infer<typeof AdoptPreview>;

const TableRow = z.object({
  /** The two keys of the row. */
  label: z.string(),
  cells: z.array(z.string().nullable()),
  problems: z.array(
    z.object({
      severity: z.enum(["error", "warning"]),
      code: z.string(),
      message: z.string(),
      hint: z.string().nullable(),
      /** Null where it is the whole row. */
      column: z.string().nullable(),
    }),
  ),
});
/** A source that is a table, whole. */
const TableView = z.object({
  source: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  /** Types of the columns in SQL, in their order. */
  types: z.array(z.string()),
  /** The two columns that name a row, and those that may be written. */
  keys: z.array(z.string()),
  editable: z.array(z.string()),
  /** Another text for every other content: what edits are made upon. */
  version: z.string(),
  rows: z.array(TableRow),
});
export type TableView = z.infer<typeof TableView>;

/** GET /tables/{source}: a page of the rows. */
export const TableAnswer = TableView.extend({
  /** UTC text: when the table was read. */
  asOf: z.string(),
  /** Rows of the table, rows with a fault, rows that fit. */
  all: count,
  faulty: count,
  count: count,
  next: count.nullable(),
});
export type TableAnswer = z.infer<typeof TableAnswer>;

const cells = z.array(z.string().max(500_000).nullable()).max(200);
/** Body of POST /tables/{source}/check and /rows: all that somebody wants otherwise, made upon one version. */
export const TableEdits = z.object({
  version: z.string().min(1).max(100),
  edits: z
    .array(
      z.object({
        /** Label of the row; null for a new one. */
        label: z.string().max(2_000).nullable(),
        /** All its cells, in the order of the columns; null: the row is to go. */
        cells: cells.nullable(),
      }),
    )
    .min(1)
    .max(500),
});
export type TableEdits = z.infer<typeof TableEdits>;

const rowFaults = TableRow.omit({ cells: true });
/** POST /tables/{source}/check. */
export const TableCheck = z.object({
  /** The version that was looked at. */
  version: z.string(),
  /** Of each edit, in their order. */
  edits: z.array(rowFaults),
  /** Other rows in which something would be wrong that is not now. */
  others: z.array(rowFaults),
  /** While there are errors, the edits are not saved. */
  errors: count,
});
export type TableCheck = z.infer<typeof TableCheck>;

/** POST /tables/{source}/rows: what was written, and the version that the table has now. */
export const TableSaved = z.object({ version: z.string(), rows: count });
export type TableSaved = z.infer<typeof TableSaved>;

/** Query of GET /tables/{source}. */
export const TableQuery = z.object({
  /** Only rows with a fault. */
  faulty: z.enum(["true", "false"]).default("false"),
  /** Text in any cell. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  /** `next` of the page before. */
  after: z.coerce.number().int().min(0).default(0),
});
export type TableQuery = z.infer<typeof TableQuery>;

/** Routes of the page of jobs. Paths are no resource ids: a job may be named calendar. */
export const JOBS_PAGE_ROUTES = {
  planRollback: route({
    method: "post",
    path: "/jobs/{resource}/rollback",
    scope: "write",
    summary: "Compute a plan that makes one job what it was, and keep it",
    tag: "jobs",
    params: z.object({ resource: z.string().min(1).max(500) }),
    body: RollbackBody,
    answer: PlanView,
    status: 201,
    problems: ["not_found", "input_invalid", "unavailable"],
  }),
  recentChanges: route({
    method: "get",
    path: "/history",
    scope: "read",
    summary: "The newest changes of all jobs",
    tag: "jobs",
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answer: RecentChangesAnswer,
    problems: ["unavailable"],
  }),
  getCalendar: route({
    method: "get",
    path: "/calendar",
    scope: "read",
    summary: "When scheduled jobs start, by day and hour, from the last reading of the workspace",
    tag: "jobs",
    query: CalendarQuery,
    answer: CalendarAnswer,
    problems: ["unavailable", "input_invalid"],
  }),
  previewAdopt: route({
    method: "get",
    path: "/jobs/{jobId}/adopt-preview",
    scope: "read",
    summary: "The YAML that adopting an undeclared job would write; nothing is written",
    tag: "jobs",
    params: z.object({ jobId: z.string().regex(/^\d{1,20}$/, "the id of a job") }),
    answer: AdoptPreview,
    problems: ["not_found", "forbidden", "owner_conflict", "unavailable"],
  }),
  listTables: route({
    method: "get",
    path: "/tables",
    scope: "read",
    summary: "Sources of jobs that are tables",
    tag: "jobs",
    answer: z.object({ items: z.array(z.object({ source: z.string() })) }),
  }),
  getTable: route({
    method: "get",
    path: "/tables/{source}",
    scope: "read",
    summary: "Rows of a control table with what is wrong in each cell",
    tag: "jobs",
    params: z.object({ source: z.string().min(1).max(200) }),
    query: TableQuery,
    answer: TableAnswer,
    problems: ["not_found", "config_invalid", "unavailable"],
  }),
  checkTable: route({
    method: "post",
    path: "/tables/{source}/check",
    scope: "read",
    summary: "What edits of a control table would lead to, by the checks of `jobs validate`; nothing is written",
    tag: "jobs",
    params: z.object({ source: z.string().min(1).max(200) }),
    body: TableEdits,
    answer: TableCheck,
    problems: ["not_found", "table_moved", "input_invalid", "config_invalid", "unavailable"],
    audited: false,
  }),
  saveTable: route({
    method: "post",
    path: "/tables/{source}/rows",
    scope: "apply",
    summary: "Write edits of a control table, all or nothing, where the server applies and the table is what it was",
    tag: "jobs",
    params: z.object({ source: z.string().min(1).max(200) }),
    body: TableEdits,
    answer: TableSaved,
    problems: ["not_found", "table_moved", "declaration_invalid", "input_invalid", "apply_off", "unavailable"],
  }),
};
