/** Tasks of a process by day, in as few columns as a grid of 400 days × 300 tasks can do with. */
import { sql } from "kysely";
import type { StepPhase, StepStatus } from "../../../model/step.ts";
import type { Database } from "../../database.ts";
import type { DaysOf, RunStore } from "../../runs.ts";

/**
 * The newest attempt of each task over all runs of a day. The view of that name would carry all forty columns through
 * its sort: 120,000 rows of those take seconds, of these few a fraction.
 */
const newest = ({ projectCode, processLoad, from, to }: DaysOf) => sql`(
  select r.processing_date, s.workflow_id, s.task_id, s.attempt, s.status, s.phase, s.log_code, s.task_name,
    s.task_mandatory, s.sequence_id, s.sort_order, s.start_ms, s.end_ms,
    row_number() over (
      partition by r.processing_date, s.workflow_id, s.task_id order by r.run_number desc, s.attempt desc
    ) as newness
  from etl_run r join step_state s on s.run_id = r.id
  where r.project_code = ${projectCode} and r.process_load = ${processLoad}
    and r.processing_date >= ${from} and r.processing_date <= ${to}
    and not (s.workflow_id = 0 and s.task_id = 0)
) d where newness = 1`;

interface MarkRow {
  processing_date: string;
  workflow_id: number;
  task_id: number;
  attempt: number;
  status: string;
  phase: string;
  log_code: string | null;
  task_name: string | null;
  task_mandatory: number;
  sequence_id: number;
  sort_order: number;
  start_ms: number | null;
  end_ms: number | null;
}

type TallyRow = Record<
  | "total"
  | "done"
  | "failed"
  | "lost"
  | "cancelled"
  | "running"
  | "waiting"
  | "skipped"
  | "optional"
  | "attempts"
  | "end_ms",
  number | null
> & { processing_date: string };

const counted = (condition: string) => sql`sum(case when ${sql.raw(condition)} then 1 else 0 end)`;

/** The part of the runs door about days. */
export function sqlDays({ read }: Database): Pick<RunStore, "dayMarks" | "dayTallies"> {
  return {
    async dayMarks(process) {
      const { rows } =
        await sql<MarkRow>`select processing_date, workflow_id, task_id, attempt, status, phase, log_code,
          task_name, task_mandatory, sequence_id, sort_order, start_ms, end_ms
        from ${newest(process)}
        order by processing_date, workflow_id, sort_order, sequence_id, task_id`.execute(read);
      return rows.map((row) => ({
        processingDate: row.processing_date,
        workflowId: row.workflow_id,
        taskId: row.task_id,
        attempt: row.attempt,
        status: row.status as StepStatus,
        phase: row.phase as StepPhase,
        logCode: row.log_code,
        taskName: row.task_name,
        taskMandatory: row.task_mandatory === 1,
        sequenceId: row.sequence_id,
        sortOrder: row.sort_order,
        startMs: row.start_ms,
        endMs: row.end_ms,
      }));
    },

    async dayTallies(process) {
      const { rows } = await sql<TallyRow>`select processing_date, count(*) as total,
          ${counted("status = 'DONE'")} as done,
          ${counted("status = 'FAIL' and coalesce(log_code, '') not in ('LOST', 'CANCELLED')")} as failed,
          ${counted("status = 'FAIL' and log_code = 'LOST'")} as lost,
          ${counted("status = 'FAIL' and log_code = 'CANCELLED'")} as cancelled,
          ${counted("phase = 'RUNNING'")} as running,
          ${counted("phase = 'QUEUED'")} as waiting,
          ${counted("phase = 'SKIPPED'")} as skipped,
          ${counted("status = 'FAIL' and task_mandatory = 0")} as optional,
          max(attempt) as attempts, max(end_ms) as end_ms
        from ${newest(process)}
        group by processing_date order by processing_date`.execute(read);
      // PostgreSQL gives sums and counts as texts.
      const number = (value: number | null) => Number(value ?? 0);
      return rows.map((row) => ({
        processingDate: row.processing_date,
        total: number(row.total),
        done: number(row.done),
        failed: number(row.failed),
        lost: number(row.lost),
        cancelled: number(row.cancelled),
        running: number(row.running),
        waiting: number(row.waiting),
        skipped: number(row.skipped),
        optional: number(row.optional),
        mostAttempts: number(row.attempts) + 1,
        endMs: row.end_ms === null ? null : Number(row.end_ms),
      }));
    },
  };
}
