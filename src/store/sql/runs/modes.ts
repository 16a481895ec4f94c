/** Modes of processes, and the history of watermarks, in SQL. */
import type { Kysely } from "kysely";
import type { ProcessMode, WatermarkEvent } from "../../../model/process.ts";
import type { Database } from "../../database.ts";
import type { RunStore } from "../../runs.ts";
import type { ProcessModeTable, WatermarkEventTable } from "../../schema/runs.ts";
import type { Schema } from "../../schema/schema.ts";

/** The mode of a process, or undefined where none was ever set. */
export async function readMode(
  db: Kysely<Schema>,
  projectCode: string,
  processLoad: string,
): Promise<ProcessMode | undefined> {
  const row = await db
    .selectFrom("process_mode")
    .selectAll()
    .where("project_code", "=", projectCode)
    .where("process_load", "=", processLoad)
    .executeTakeFirst();
  return (
    row && {
      mode: row.mode as ProcessMode["mode"],
      historicDate: row.historic_date,
      since: row.since,
      until: row.until_at,
      actor: row.actor,
      saved: row.saved === null ? null : (JSON.parse(row.saved) as Record<string, string | null>),
    }
  );
}

/** Sets the mode of a process. */
export async function writeMode(
  db: Kysely<Schema>,
  process: { projectCode: string; processLoad: string },
  mode: ProcessMode,
): Promise<void> {
  const values: Omit<ProcessModeTable, "project_code" | "process_load"> = {
    mode: mode.mode,
    historic_date: mode.historicDate,
    since: mode.since,
    until_at: mode.until,
    actor: mode.actor,
    saved: mode.saved && JSON.stringify(mode.saved),
  };
  await db
    .insertInto("process_mode")
    .values({ project_code: process.projectCode, process_load: process.processLoad, ...values })
    .onConflict((conflict) => conflict.columns(["project_code", "process_load"]).doUpdateSet(values))
    .execute();
}

/** A change of a watermark as its row. */
export function watermarkRow(event: WatermarkEvent): WatermarkEventTable {
  return {
    seq: event.seq,
    project_code: event.projectCode,
    process_load: event.processLoad,
    name: event.name,
    value: event.value,
    before: event.before,
    cause: event.cause,
    reason: event.reason,
    processing_date: event.processingDate,
    execution_id: event.executionId,
    workflow_id: event.workflowId,
    task_id: event.taskId,
    actor: event.actor,
    at: event.at,
  };
}

/** The change of a row. */
export function watermarkOf(row: WatermarkEventTable): WatermarkEvent {
  return {
    seq: row.seq,
    projectCode: row.project_code,
    processLoad: row.process_load,
    name: row.name,
    value: row.value,
    before: row.before,
    cause: row.cause as WatermarkEvent["cause"],
    reason: row.reason,
    processingDate: row.processing_date,
    executionId: row.execution_id,
    workflowId: row.workflow_id,
    taskId: row.task_id,
    actor: row.actor,
    at: row.at,
  };
}

/** The part of the runs door about modes and watermarks. */
export function sqlModes({ read }: Database): Pick<RunStore, "mode" | "watermarkHistory"> {
  return {
    mode: (projectCode, processLoad) => readMode(read, projectCode, processLoad),

    async watermarkHistory({ projectCode, processLoad, name, limit }) {
      let query = read
        .selectFrom("watermark_event")
        .selectAll()
        .where("project_code", "=", projectCode)
        .where("process_load", "=", processLoad);
      if (name !== undefined) query = query.where("name", "=", name);
      const rows = await query
        .orderBy("seq", "desc")
        .orderBy("name")
        .limit(limit ?? 100)
        .execute();
      return rows.map(watermarkOf);
    },
  };
}
