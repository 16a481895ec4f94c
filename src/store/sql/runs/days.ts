/** Tasks of a process by day, in as few columns as a grid of 400 days × 300 tasks can do with. */
import { sql } from "kysely";
import type { StepPhase, StepStatus } from "../../../model/step.ts";
import type { Database } from "../../database.ts";
import type { DayMark, DaysOf, RunStore } from "../../runs.ts";

/**
 * The newest attempt of each task over all runs of a day, without a sort: an attempt that no later one and no later run
 * of its day replaces. The view of that name would carry all forty columns of 120,000 rows through its sort.
 */
const newest = ({ projectCode, processLoad, from, to }: DaysOf) => sql`
  etl_run r join step_state s on s.run_id = r.id
  where r.project_code = ${projectCode} and r.process_load = ${processLoad}
    and r.processing_date >= ${from} and r.processing_date <= ${to}
    and not (s.workflow_id = 0 and s.task_id = 0)
    and not exists (
      select 1 from step_state n where n.run_id = s.run_id and n.workflow_id = s.workflow_id
        and n.task_id = s.task_id and n.attempt > s.attempt
    )
    and not exists (
      select 1 from etl_run m join step_state n on n.run_id = m.id
      where m.project_code = r.project_code and m.process_load = r.process_load
        and m.processing_date = r.processing_date and m.run_number > r.run_number
        and n.workflow_id = s.workflow_id and n.task_id = s.task_id
    )`;

/** Between the days of a task, and between the fields of a day: letters that no field has. */
const [DAY, FIELD] = ["\u001e", "\u001f"];

/** A field as text; its null is told from its empty text by a sign before every other value. */
const field = (name: string) => sql`coalesce('=' || cast(s.${sql.raw(name)} as text), '')`;

/** What a task was called and where it stood, with all days of which that is true in one text. */
interface MarkRow {
  workflow_id: number;
  task_id: number;
  task_name: string | null;
  task_mandatory: number;
  sequence_id: number;
  sort_order: number;
  days: string;
}

const textOf = (part: string | undefined): string | null => (part?.startsWith("=") ? part.slice(1) : null);
const numberOf = (part: string | undefined): number | null => {
  const text = textOf(part);
  return text === null ? null : Number(text);
};

/** The days of a row, one mark each. */
function marksOf(row: MarkRow): DayMark[] {
  const own = {
    workflowId: row.workflow_id,
    taskId: row.task_id,
    taskName: row.task_name,
    taskMandatory: row.task_mandatory === 1,
    sequenceId: row.sequence_id,
    sortOrder: row.sort_order,
  };
  return row.days.split(DAY).map((day) => {
    const [processingDate = "", attempt, status, phase, startMs, endMs, logCode] = day.split(FIELD);
    return {
      processingDate,
      attempt: Number(attempt),
      status: status as StepStatus,
      phase: phase as StepPhase,
      logCode: textOf(logCode),
      startMs: numberOf(startMs),
      endMs: numberOf(endMs),
      ...own,
    };
  });
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
      // A row for each task instead of each of its days: a row costs more on its way than what is in it.
      const { rows } = await sql<MarkRow>`select s.workflow_id, s.task_id, s.task_name, s.task_mandatory, s.sequence_id,
          s.sort_order,
          string_agg(
            r.processing_date || ${FIELD} || cast(s.attempt as text) || ${FIELD} || s.status || ${FIELD} || s.phase
              || ${FIELD} || ${field("start_ms")} || ${FIELD} || ${field("end_ms")} || ${FIELD} || ${field("log_code")},
            ${DAY}
          ) as days
        from ${newest(process)}
        group by s.workflow_id, s.sort_order, s.sequence_id, s.task_id, s.task_name, s.task_mandatory
        order by s.workflow_id, s.sort_order, s.sequence_id, s.task_id`.execute(read);
      const byDay = new Map<string, DayMark[]>();
      for (const mark of rows.flatMap(marksOf)) {
        const day = byDay.get(mark.processingDate);
        if (day === undefined) byDay.set(mark.processingDate, [mark]);
        else day.push(mark);
      }
      return [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, marks]) => marks);
    },

    async dayTallies(process) {
      const { rows } = await sql<TallyRow>`select r.processing_date, count(*) as total,
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
        group by r.processing_date order by r.processing_date`.execute(read);
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
