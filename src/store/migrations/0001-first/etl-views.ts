/**
 * ETLProcessingSteps and the six views of databricks-etl-monitor, by their names and columns; columns after the
 * original's are ours. They read what was kept with each step, never the live catalogue.
 */
import type { StoreKind } from "../../schema/schema.ts";
import { words } from "./dialect.ts";
import { detail, KEY, list, STEPS } from "./etl-columns.ts";

const INITIATION = "workflow_id = 0 and task_id = 0";
/** A task in the count: the initiation row stands for the run as a whole and is none. */
const TASK = `not (${INITIATION})`;
/** In v_processStatus: a task as it stands on that day, and a row of the latest run. */
const DAY = `newness = 1 and ${TASK}`;
const NOW = `run_number = last_run and ${TASK}`;
const PENDING = "status in ('NQUE', 'RQUE') and phase <> 'SKIPPED'";
const count = (condition: string) => `count(case when ${condition} then 1 end)`;
const seconds = "(max(end_ms) - min(start_ms)) / 1000";

/**
 * The state of a run by the latest attempt of each of its tasks, which are the rows that meet `among`.
 *
 * @param over `over (…)`: the rows that are looked at
 */
const runState = (among: string, over: string) => {
  const of = (condition: string) => `${count(`${among} and ${condition}`)} ${over}`;
  const failed = "task_mandatory = 1 and status = 'FAIL'";
  return `
  case
    when ${of("phase = 'RUNNING'")} > 0 then 'RUNNING'
    when ${of("log_code = 'CANCELLED'")} > 0 then 'CANCELLED'
    when ${of(`${failed} and log_code = 'LOST'`)} > 0
      and ${of(`${failed} and coalesce(log_code, '') <> 'LOST'`)} = 0 then 'LOST'
    when ${of(failed)} > 0 and ${of(PENDING)} > 0 then 'BLOCKED'
    when ${of(failed)} > 0 then 'FAILED'
    when ${of("phase = 'QUEUED'")} = ${count(among)} ${over} then 'QUEUED'
    when ${of(PENDING)} > 0 then 'RUNNING'
    when ${of("(status = 'FAIL' or log_type = 'WARN')")} > 0 then 'COMPLETE_WITH_WARNINGS'
    else 'COMPLETE'
  end`;
};

const rows = (of: string, partition: string, order: string) => `
  select ranked.* from (
    select s.*, row_number() over (partition by ${partition} order by ${order}) as newness from ${of} s
  ) ranked where newness = 1`;

/** A set is what runs in parallel: one workflow and sequence. Its place among the sets of a process and day: */
const DAYS = "partition by processing_date, project_code, process_load";
const RUNS = `${DAYS}, execution_id`;
const ATTEMPTS = `${RUNS}, attempt`;
const SETS = `${DAYS} order by workflow_id, sort_order, sequence_id`;

/** Name and text of each view, in the order in which they build on one another. */
export function etlViews(kind: StoreKind): readonly (readonly [name: string, select: string])[] {
  const word = words(kind);
  const text = (expression: string) => `cast(${expression} as text)`;
  const value = (format: string) => word.earlier(format, `p."LookbackSeconds"`);
  return [
    [
      "step_row",
      `select r.project, r.processing_date, r.project_code, r.process_load, r.execution_id, r.run_number, r.closed_at,
        s.* from step_state s join etl_run r on r.id = s.run_id`,
    ],
    // The latest attempt of a task over all runs of its process and date: a failure that was mended is gone.
    [
      "step_latest",
      rows(
        "step_row",
        "project_code, process_load, processing_date, workflow_id, task_id",
        "run_number desc, attempt desc",
      ),
    ],
    ["ETLProcessingSteps", `select ${list(STEPS)} from step_row`],

    // Tasks are counted by their latest attempt over all runs of the day; times and state are those of the latest run.
    // Windows instead of `group by`, one partition a level: through these only SQLite hands conditions down, and would
    // else read every step there is.
    [
      "v_processStatus",
      `select
        processing_date as "ProcessingDate", project_code as "ProjectCode", process_load as "ProcessLoad",
        (select p."ProcessName" from "ETLconfigProcess" p
          where p."ProjectCode" = project_code and p."ProcessLoad" = process_load) as "ProcessName",
        (select p."ProcessOwner" from "ETLconfigProcess" p
          where p."ProjectCode" = project_code and p."ProcessLoad" = process_load) as "ProcessOwner",
        coalesce(latest_attempt, 0) as "LatestAttempt", total_runs as "TotalRuns", done as "Done", failed as "Failed",
        pending as "Pending", run_start as "RunStart", run_end as "RunEnd",
        (run_end_ms - run_start_ms) / 1000 as "WallClockSeconds", overall_status as "OverallStatus",
        total as "TotalTasks", skipped as "Skipped", run_number as "RunNumber", execution_id as "ExecutionID",
        run_state as "RunState", last_activity as "LastActivity", project as "Project"
      from (
        select f.*,
          max(case when ${NOW} then attempt end) over (${DAYS}) as latest_attempt,
          max(run_place) over (${DAYS}) as total_runs,
          ${count(`${DAY} and status = 'DONE'`)} over (${DAYS}) as done,
          ${count(`${DAY} and status = 'FAIL'`)} over (${DAYS}) as failed,
          ${count(`${DAY} and ${PENDING}`)} over (${DAYS}) as pending,
          ${count(`${DAY} and phase = 'SKIPPED'`)} over (${DAYS}) as skipped,
          ${count(DAY)} over (${DAYS}) as total,
          min(case when ${NOW} then start_time end) over (${DAYS}) as run_start,
          max(case when ${NOW} then end_time end) over (${DAYS}) as run_end,
          min(case when ${NOW} then start_ms end) over (${DAYS}) as run_start_ms,
          max(case when ${NOW} then end_ms end) over (${DAYS}) as run_end_ms,
          max(case when run_number = last_run and ${INITIATION} and newness = 1 then status end) over (${DAYS})
            as overall_status,
          ${runState(`${NOW} and newness = 1`, `over (${DAYS})`)} as run_state,
          max(case when run_number = last_run then last_updated_on end) over (${DAYS}) as last_activity,
          row_number() over (${DAYS} order by run_number desc, workflow_id, task_id, attempt) as pick
        from (
          select n.*, max(run_number) over (${DAYS}) as last_run,
            dense_rank() over (${DAYS} order by run_number) as run_place
          from (
            select s.*,
              row_number() over (${DAYS}, workflow_id, task_id order by run_number desc, attempt desc) as newness
            from step_row s
          ) n
        ) f
      ) d where pick = 1`,
    ],

    // The grain that v_processStatus has in the original: a row for each number of attempts.
    [
      "v_processAttempts",
      `select s.processing_date as "ProcessingDate", s.project_code as "ProjectCode", s.process_load as "ProcessLoad",
        s.attempt as "Attempts", count(distinct s.execution_id) as "TotalRuns",
        ${count("s.status = 'DONE'")} as "Done", ${count("s.status = 'FAIL'")} as "Failed",
        ${count("s.status in ('NQUE', 'RQUE') and s.phase <> 'SKIPPED'")} as "Pending",
        min(s.start_time) as "RunStart", max(s.end_time) as "RunEnd", ${seconds} as "WallClockSeconds"
      from step_row s where ${TASK}
      group by s.processing_date, s.project_code, s.process_load, s.attempt`,
    ],

    [
      "v_runSummary",
      `select ${list(KEY)}, attempt as "Attempts", total as "TotalTasks", done as "Done", failed as "Failed",
        pending as "Pending", run_start as "RunStart", run_end as "RunEnd",
        cast(total_ms / 1000 as bigint) as "TotalDurationSeconds",
        (run_end_ms - run_start_ms) / 1000 as "WallClockSeconds",
        case when pending > 0 then 'RUNNING' when failed > 0 then 'FAILED' else 'COMPLETE' end as "OverallStatus",
        last_activity as "LastActivity", skipped as "Skipped", run_number as "RunNumber", run_state as "RunState",
        closed_at as "ClosedAt", project as "Project"
      from (
        select u.*,
          count(*) over (${ATTEMPTS}) as total,
          ${count("status = 'DONE'")} over (${ATTEMPTS}) as done,
          ${count("status = 'FAIL'")} over (${ATTEMPTS}) as failed,
          ${count(PENDING)} over (${ATTEMPTS}) as pending,
          ${count("phase = 'SKIPPED'")} over (${ATTEMPTS}) as skipped,
          min(start_time) over (${ATTEMPTS}) as run_start, max(end_time) over (${ATTEMPTS}) as run_end,
          min(start_ms) over (${ATTEMPTS}) as run_start_ms, max(end_ms) over (${ATTEMPTS}) as run_end_ms,
          sum(duration_ms) over (${ATTEMPTS}) as total_ms,
          max(last_updated_on) over (${ATTEMPTS}) as last_activity,
          row_number() over (${ATTEMPTS} order by workflow_id, task_id) as pick
        from (
          select t.*, ${runState("newness = 1", `over (${RUNS})`)} as run_state
          from (
            select s.*, row_number() over (${RUNS}, workflow_id, task_id order by attempt desc) as newness
            from step_row s where ${TASK}
          ) t
        ) u
      ) d where pick = 1`,
    ],

    [
      "v_taskDetail",
      `select ${list(detail(word.nowMs))} from (
        select s.*, o.status as observed_status, o.phase as observed_phase, o.start_time as observed_start,
          o.end_time as observed_end, o.code as observed_code, o.message as observed_message
        from step_row s left join step_observed o
          on o.project_code = s.project_code and o.process_load = s.process_load
          and o.processing_date = s.processing_date and o.execution_id = s.execution_id
          and o.workflow_id = s.workflow_id and o.task_id = s.task_id and o.attempt = s.attempt
      ) d`,
    ],

    [
      "v_mandatoryBlockers",
      `select ${list(KEY)}, workflow_id as "WorkFlowID", sequence_code as "SequenceCode", task_name as "TaskName",
        task_id as "TaskID", attempt as "Attempts", status as "Status", start_time as "StartTime",
        log_type as "LogType", log_message as "LogMessage", source_type as "SourceType",
        source_system_code as "SourceSystemCode",
        sequence_id as "SequenceID", run_number as "RunNumber", reason as "BlockReason", next_set as "BlocksFrom",
        project as "Project"
      from (
        select u.*,
          min(case when reason is not null then set_place end) over (${DAYS}) as frontier,
          min(set_name) over (${DAYS} order by set_place range between 1 following and 1 following) as next_set
        from (
          select l.*, dense_rank() over (${SETS}) as set_place,
            ${text("workflow_id")} || '/' || ${text("sequence_id")} as set_name,
            case when task_mandatory = 0 or status = 'DONE' or phase = 'SKIPPED' then null
              when status = 'FAIL' and log_code = 'LOST' then 'LOST'
              when status = 'FAIL' then 'FAILED'
              when phase = 'RUNNING' then 'RUNNING'
              else 'PENDING' end as reason
          from step_latest l where ${TASK}
        ) u
      ) b
      where reason is not null and (reason <> 'PENDING' or set_place <= frontier)`,
    ],

    [
      "v_currentFailures",
      `select ${list(KEY)}, workflow_id as "WorkFlowID", sequence_code as "SequenceCode", task_name as "TaskName",
        task_id as "TaskID", task_mandatory as "TaskMandatory", attempt as "Attempts", status as "Status",
        start_time as "StartTime", log_type as "LogType", log_message as "LogMessage", source_type as "SourceType",
        source_run_id as "SourceRunID",
        end_time as "EndTime", log_code as "LogCode", sequence_id as "SequenceID", run_number as "RunNumber",
        source_url as "SourceUrl", project as "Project"
      from step_latest where status = 'FAIL' and ${TASK}`,
    ],

    // ActiveValue is never NULL, one row a parameter. Live SYSTEM dates are those of UTC here: a view knows no zones.
    [
      "v_watermarks",
      `select p."ProjectCode", p."ProcessLoad", p."ParameterName", p."ParameterType", p."ParameterDescription",
        p."ValueINT", p."ValueDateTime", p."ValueBIT",
        case p."ParameterType"
          when 'DELTA_DATE' then coalesce(${value(`p."ValueDateTime"`)}, '1900-01-01 00:00:00.000')
          when 'DELTA_ID' then coalesce(${text(`p."ValueINT"`)}, '0')
          when 'FLAG' then case when p."ValueBIT" = 1 then 'true' else 'false' end
          else coalesce(substr(p."ValueDateTime", 1, 10), ${word.today}) end as "ActiveValue",
        case p."ParameterType"
          when 'DELTA_DATE' then coalesce('DELTA: ' || ${word.earlier(`p."ValueDateTime"`, "0")}, 'BULK MODE')
          when 'DELTA_ID' then case when coalesce(p."ValueINT", 0) in (0, -1) then 'BULK MODE'
            else 'DELTA: ' || ${text(`p."ValueINT"`)} end
          when 'FLAG' then case when p."ValueBIT" = 1 then 'true' else 'false' end
          else coalesce('HISTORIC: ' || substr(p."ValueDateTime", 1, 10), 'LIVE DATE') end as "WatermarkState",
        t.names as "LinkedTaskName",
        p."LastUpdatedOn", p."LastUpdatedBy",
        case when p."ParameterType" = 'DELTA_DATE' and p."ValueDateTime" is null then 1
          when p."ParameterType" = 'DELTA_ID' and coalesce(p."ValueINT", 0) in (0, -1) then 1 else 0 end as "IsBulk",
        p."LookbackSeconds", c."Timezone", c."Project"
      from "ETLconfigParameters" p
      join "ETLconfigProcess" c on c."ProjectCode" = p."ProjectCode" and c."ProcessLoad" = p."ProcessLoad"
      left join (
        select "ProjectCode", "ProcessLoad", "SourceSystemCode", ${word.list(`"TaskName"`)} as names
        from (select * from "ETLconfigTasks" where "IsActive" = 1 order by "WorkFlowID", "SequenceID", "TaskID") o
        group by "ProjectCode", "ProcessLoad", "SourceSystemCode"
      ) t on t."ProjectCode" = p."ProjectCode" and t."ProcessLoad" = p."ProcessLoad"
        and t."SourceSystemCode" = p."ParameterName"`,
    ],
  ];
}

/** Columns of v_watermarks. */
export const WATERMARK_COLUMNS = [
  "ProjectCode",
  "ProcessLoad",
  "ParameterName",
  "ParameterType",
  "ParameterDescription",
  "ValueINT",
  "ValueDateTime",
  "ValueBIT",
  "ActiveValue",
  "WatermarkState",
  "LinkedTaskName",
  "LastUpdatedOn",
  "LastUpdatedBy",
  "IsBulk",
  "LookbackSeconds",
  "Timezone",
  "Project",
] as const;

/** Names that are also offered in lower case, for SQL that does not quote. */
const ALIASED = [
  "ETLconfigSequence",
  "ETLconfigProcess",
  "ETLconfigTasks",
  "ETLconfigParameters",
  "ETLProcessingSteps",
  "ETLsysLogs",
  "v_processStatus",
  "v_processAttempts",
  "v_runSummary",
  "v_taskDetail",
  "v_mandatoryBlockers",
  "v_currentFailures",
];

/** Statements in order. */
export function etlViewStatements(kind: StoreKind): string[] {
  const create = ([name, select]: readonly [string, string]) => `create view "${name}" as ${select}`;
  if (kind === "sqlite") return etlViews(kind).map(create);
  const views = etlViews(kind).map(([name, select]) => {
    if (name !== "v_watermarks") return create([name, select]);
    // Its name is in lower case already: it carries the columns in both spellings.
    const lower = WATERMARK_COLUMNS.map((column) => `w."${column}" as ${column.toLowerCase()}`);
    return create([name, `select w.*, ${lower.join(", ")} from (${select}) w`]);
  });
  // Postgres folds unquoted names to lower case: `select TaskID from ETLProcessingSteps` must find something.
  const aliases = ALIASED.map(
    (name) => `do $do$ begin execute (
      select 'create view ' || lower('${name}') || ' as select '
        || string_agg(quote_ident(column_name) || ' as ' || quote_ident(lower(column_name)), ', ' order by ordinal_position)
        || ' from ' || quote_ident('${name}')
      from information_schema.columns where table_schema = current_schema() and table_name = '${name}'
    ); end $do$`,
  );
  return [...views, ...aliases];
}
