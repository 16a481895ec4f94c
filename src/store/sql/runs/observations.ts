/** What platforms say, merged so that the order of arrival does not matter; and the lines of ETLsysLogs. */
import { sql } from "kysely";
import { redact } from "../../../util/redact.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { Observation, RunStore, SysLogLine } from "../../runs.ts";
import type { StepObserved, SysLog } from "../../schema/runs.ts";
import { insertMany } from "../many.ts";
import { filtered } from "./views.ts";

function observedRow(one: Observation): StepObserved {
  return {
    project_code: one.projectCode,
    process_load: one.processLoad,
    processing_date: one.processingDate,
    execution_id: one.executionId,
    workflow_id: one.workflowId,
    task_id: one.taskId,
    attempt: one.attempt,
    source: one.source,
    observation_id: one.observationId,
    status: one.status,
    phase: one.phase,
    precedence: one.precedence,
    platform_time: one.platformTime,
    start_time: one.startTime,
    end_time: one.endTime,
    code: one.code,
    message: one.message === null ? null : redact(one.message),
    platform_run_id: one.platformRunId,
    url: one.url,
  };
}

function observationOf(row: StepObserved): Observation {
  return {
    projectCode: row.project_code,
    processLoad: row.process_load,
    processingDate: row.processing_date,
    executionId: row.execution_id,
    workflowId: row.workflow_id,
    taskId: row.task_id,
    attempt: row.attempt,
    source: row.source,
    observationId: row.observation_id,
    status: row.status as Observation["status"],
    phase: row.phase as Observation["phase"],
    precedence: row.precedence,
    platformTime: row.platform_time,
    startTime: row.start_time,
    endTime: row.end_time,
    code: row.code,
    message: row.message,
    platformRunId: row.platform_run_id,
    url: row.url,
  };
}

const STEP_KEY = ["project_code", "process_load", "processing_date", "execution_id", "workflow_id", "task_id"] as const;

const insertLogs = insertMany(
  "ETLsysLogs",
  [
    ["ProcessingDate", "text"],
    ["ProjectCode", "text"],
    ["ProcessLoad", "text"],
    ["SourceType", "text"],
    ["RunID", "text"],
    ["ExecutionID", "text"],
    ["CorrelationID", "text"],
    ["PipelineName", "text"],
    ["ActivityName", "text"],
    ["OperationName", "text"],
    ["Level", "integer"],
    ["LogTimeUTC", "text"],
    ["Message", "text"],
    ["LogKey", "text"],
  ],
  'on conflict ("LogKey") do nothing',
);

function lineOf(row: SysLog): SysLogLine {
  return {
    key: row.LogKey ?? "",
    processingDate: row.ProcessingDate,
    projectCode: row.ProjectCode,
    processLoad: row.ProcessLoad,
    sourceType: row.SourceType,
    runId: row.RunID,
    executionId: row.ExecutionID,
    correlationId: row.CorrelationID,
    pipelineName: row.PipelineName,
    activityName: row.ActivityName,
    operationName: row.OperationName,
    level: row.Level ?? 1,
    logTime: row.LogTimeUTC ?? "",
    message: row.Message ?? "",
  };
}

/** The part of the runs door about observations and logs. */
export function sqlObservations(database: Database): Pick<RunStore, "observe" | "observed" | "log" | "logs"> {
  const { read, clock, kind } = database;
  return {
    observe: (observations) =>
      inTransaction(database, async (within) => {
        const recorded_at = new Date(clock.now()).toISOString();
        let fresh = 0;
        for (const row of observations.map(observedRow)) {
          const { numInsertedOrUpdatedRows } = await within.db
            .insertInto("observation")
            .values({ ...row, recorded_at })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst();
          if ((numInsertedOrUpdatedRows ?? 0n) === 0n) continue;
          fresh += 1;
          const rank = ["attempt", "precedence", "platform_time", "source", "observation_id"];
          // A total order, so that any order of arrival ends the same; in the database, so that no collector overtakes another.
          await within.db
            .insertInto("step_observed")
            .values(row)
            .onConflict((conflict) =>
              conflict
                .columns([...STEP_KEY])
                .doUpdateSet(row)
                .where(
                  sql<boolean>`(${sql.join(rank.map((name) => sql.ref(`step_observed.${name}`)))})
                    < (${sql.join(rank.map((name) => sql.ref(`excluded.${name}`)))})`,
                ),
            )
            .execute();
        }
        return fresh;
      }),

    async observed(filter) {
      const columns = [...STEP_KEY, "attempt"];
      const rows = await filtered(read.selectFrom("step_observed").selectAll(), filter, columns)
        .orderBy("processing_date")
        .orderBy("execution_id")
        .orderBy("workflow_id")
        .orderBy("task_id")
        .limit(filter.limit ?? 1_000)
        .execute();
      return rows.map(observationOf);
    },

    async log(lines) {
      await inTransaction(database, (within) =>
        insertLogs(
          within.db,
          kind,
          lines.map((line) => [
            line.processingDate,
            line.projectCode,
            line.processLoad,
            line.sourceType,
            line.runId,
            line.executionId,
            line.correlationId,
            line.pipelineName,
            line.activityName,
            line.operationName,
            line.level,
            line.logTime,
            redact(line.message),
            line.key,
          ]),
        ),
      );
    },

    async logs(filter) {
      let query = read.selectFrom("ETLsysLogs").selectAll();
      if (filter.projectCode !== undefined) query = query.where("ProjectCode", "=", filter.projectCode);
      if (filter.processLoad !== undefined) query = query.where("ProcessLoad", "=", filter.processLoad);
      if (filter.processingDate !== undefined) query = query.where("ProcessingDate", "=", filter.processingDate);
      if (filter.from !== undefined) query = query.where("ProcessingDate", ">=", filter.from);
      if (filter.to !== undefined) query = query.where("ProcessingDate", "<=", filter.to);
      if (filter.executionId !== undefined) query = query.where("ExecutionID", "=", filter.executionId);
      if (filter.contains !== undefined) {
        const pattern = `%${filter.contains.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
        query = query.where(sql<boolean>`lower("Message") like ${pattern} escape '\\'`);
      }
      const rows = await query
        .orderBy("LogTimeUTC")
        .orderBy(sql`"_ID"`)
        .limit(filter.limit ?? 1_000)
        .execute();
      return rows.map(lineOf);
    },
  };
}
