/** Steps and the original's views, filtered. */
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { utc } from "../../../util/clock.ts";
import { parseJson } from "../../../util/int64-json.ts";
import type { Json } from "../../../util/json.ts";
import { wallTime, zoneOf } from "../../../util/zone.ts";
import type { Database } from "../../database.ts";
import { WATERMARK_COLUMNS } from "../../migrations/0001-first/etl-views.ts";
import { type RunFilter, type RunStore, VIEW_NAMES, type ViewName, type ViewRow } from "../../runs.ts";
import type { Schema } from "../../schema/schema.ts";
import { stepOf } from "./step-row.ts";

const LIMIT = 1_000;
/** Flags of the views, which the tables hold as 0 and 1. */
const FLAGS = ["TaskMandatory", "SLABreached", "ForceSkip", "StartInferred", "RecoveredFromLost", "IsBulk", "ValueBIT"];

/** Conditions of a filter, by the names of a view's columns. `has` says which columns the view has. */
function conditions(
  filter: RunFilter,
  has: (column: string) => boolean,
): [column: string, op: string, value: unknown][] {
  const all: [string, string, unknown][] = [
    ["Project", "=", filter.project],
    ["ProjectCode", "=", filter.projectCode],
    ["ProcessLoad", "=", filter.processLoad],
    ["ProcessingDate", "=", filter.processingDate],
    ["ProcessingDate", ">=", filter.from],
    ["ProcessingDate", "<=", filter.to],
    ["ExecutionID", "=", filter.executionId],
    ["WorkFlowID", "=", filter.workflowId],
    ["TaskID", "=", filter.taskId],
    ["Attempts", "=", filter.attempt],
  ];
  return all.filter(([column, , value]) => value !== undefined && has(column));
}

const COLUMNS: Record<ViewName, readonly string[]> = {
  v_processStatus: ["ProcessingDate", "Project", "ProjectCode", "ProcessLoad", "ExecutionID"],
  v_processAttempts: ["ProcessingDate", "ProjectCode", "ProcessLoad", "Attempts"],
  v_runSummary: ["ProcessingDate", "Project", "ProjectCode", "ProcessLoad", "ExecutionID", "Attempts"],
  v_taskDetail: [
    "ProcessingDate",
    "Project",
    "ProjectCode",
    "ProcessLoad",
    "ExecutionID",
    "WorkFlowID",
    "TaskID",
    "Attempts",
  ],
  v_mandatoryBlockers: [
    "ProcessingDate",
    "Project",
    "ProjectCode",
    "ProcessLoad",
    "ExecutionID",
    "WorkFlowID",
    "TaskID",
    "Attempts",
  ],
  v_currentFailures: [
    "ProcessingDate",
    "Project",
    "ProjectCode",
    "ProcessLoad",
    "ExecutionID",
    "WorkFlowID",
    "TaskID",
    "Attempts",
  ],
  v_watermarks: ["Project", "ProjectCode", "ProcessLoad"],
};

const ORDER: Record<ViewName, readonly string[]> = {
  ...COLUMNS,
  v_watermarks: ["ProjectCode", "ProcessLoad", "ParameterName"],
};

function rowOf(row: Record<string, unknown>): ViewRow {
  const out: ViewRow = {};
  for (const [name, value] of Object.entries(row)) {
    if (FLAGS.includes(name)) out[name] = value === null ? null : value === 1;
    else if (name === "Metrics") out[name] = value === null ? null : parseJson(value as string);
    else out[name] = value as Json;
  }
  return out;
}

/** Today in a zone; in UTC where the zone is unknown. */
function dayIn(timezone: string, now: number): string {
  const zone = zoneOf(timezone);
  return utc(zone ? wallTime(zone, now) : now).slice(0, 10);
}

/** Processes whose historic mode has run out, as `PROJECT/LOAD`. */
async function endedModes(read: Database["read"], clock: Database["clock"]): Promise<Set<string>> {
  const rows = await read
    .selectFrom("process_mode")
    .select(["project_code", "process_load"])
    .where("mode", "=", "historic")
    .where("until_at", "<=", utc(clock.now()))
    .execute();
  return new Set(rows.map((row) => `${row.project_code}/${row.process_load}`));
}

function sqlView({ read, clock }: Database, name: ViewName) {
  return async (filter: RunFilter = {}): Promise<ViewRow[]> => {
    const where = conditions(filter, (column) => COLUMNS[name].includes(column)).map(
      ([column, op, value]) => sql`${sql.ref(column)} ${sql.raw(op)} ${value}`,
    );
    // ValueINT may exceed 2^53.
    const select =
      name === "v_watermarks"
        ? sql.join(
            WATERMARK_COLUMNS.map((column) =>
              column === "ValueINT" ? sql`cast("ValueINT" as text) as "ValueINT"` : sql.ref(column),
            ),
          )
        : sql`*`;
    const { rows } = await sql<Record<string, unknown>>`select ${select} from ${sql.table(name)}
      ${where.length > 0 ? sql`where ${sql.join(where, sql` and `)}` : sql``}
      order by ${sql.join(ORDER[name].map((column) => sql.ref(column)))}
      limit ${filter.limit ?? LIMIT}`.execute(read);
    const found = rows.map(rowOf);
    if (name !== "v_watermarks") return found;
    const system = found.filter(({ ParameterType }) => ParameterType === "SYSTEM");
    const ended = system.some(({ ValueDateTime }) => ValueDateTime !== null)
      ? await endedModes(read, clock)
      : undefined;
    // The view gives today in UTC, since SQL of both databases knows no common zones; the process has its own. And it
    // judges by the database's clock whether a historic mode has run out: here ours counts.
    return found.map((row) => {
      if (row.ParameterType !== "SYSTEM") return row;
      const isEnded = ended?.has(`${row.ProjectCode}/${row.ProcessLoad}`) === true;
      const date = row.ValueDateTime === null || isEnded ? undefined : String(row.ValueDateTime).slice(0, 10);
      if (date !== undefined) return { ...row, WatermarkState: `HISTORIC: ${date}`, ActiveValue: date };
      return { ...row, WatermarkState: "LIVE DATE", ActiveValue: dayIn(String(row.Timezone), clock.now()) };
    });
  };
}

const STEP_COLUMN: Record<string, string> = {
  Project: "project",
  ProjectCode: "project_code",
  ProcessLoad: "process_load",
  ProcessingDate: "processing_date",
  ExecutionID: "execution_id",
  WorkFlowID: "workflow_id",
  TaskID: "task_id",
  Attempts: "attempt",
};

/** Adds a filter to a query over a table with our own column names. */
export function filtered<T extends keyof Schema, O>(
  query: SelectQueryBuilder<Schema, T, O>,
  filter: RunFilter,
  columns: readonly string[],
): SelectQueryBuilder<Schema, T, O> {
  let narrowed = query;
  for (const [column, op, value] of conditions(filter, (name) => columns.includes(STEP_COLUMN[name] ?? ""))) {
    narrowed = narrowed.where(sql`${sql.ref(STEP_COLUMN[column] as string)} ${sql.raw(op)} ${value}` as never);
  }
  return narrowed;
}

async function readSteps(db: Kysely<Schema>, filter: RunFilter) {
  const rows = await filtered(db.selectFrom("step_row").selectAll(), filter, Object.values(STEP_COLUMN))
    .orderBy("processing_date")
    .orderBy("project_code")
    .orderBy("process_load")
    .orderBy("run_number")
    .orderBy("workflow_id")
    .orderBy("task_id")
    .orderBy("attempt")
    .limit(filter.limit ?? LIMIT)
    .execute();
  return rows.map(stepOf);
}

/** The part of the runs door about reading. */
export function sqlViews(database: Database): Pick<RunStore, "steps" | "views"> {
  return {
    steps: (filter) => readSteps(database.read, filter),
    views: Object.fromEntries(
      VIEW_NAMES.map((name) => [name, sqlView(database, name)]),
    ) as unknown as RunStore["views"],
  };
}
