/** Folding all commands again, and removing what is too old. */
import { sql } from "kysely";
import type { Command } from "../../../model/step.ts";
import { stableJson } from "../../../util/stable-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { Decide, Reads, ReplayReport, RunStore } from "../../runs.ts";
import type { EtlEvent, StepRow } from "../../schema/runs.ts";
import { lockLog, nextSeq } from "../../seq.ts";
import { insertMany } from "../many.ts";
import { eventOf, processKey } from "./event-row.ts";
import { decideOne, emptyLedger, type Ledger, usualReads } from "./ledger.ts";
import { readParameters } from "./parameters.ts";
import { attemptKey, rowValues, STEP_COLUMNS, stepOf, stepValues } from "./step-row.ts";

const PAGE = 1_000;
const insertSteps = insertMany("step_state", STEP_COLUMNS);

/** A ledger as it was before the first command that is still kept: no steps, watermarks as they were. */
async function beginning(within: Database): Promise<Ledger> {
  const ledger = emptyLedger();
  for (const row of await within.db.selectFrom("etl_run").selectAll().execute()) {
    const key = JSON.stringify([row.project_code, row.process_load, row.processing_date, row.execution_id]);
    ledger.numbered.set(key, { id: row.id, runNumber: row.run_number });
  }
  const processes = await within.db.selectFrom("ETLconfigProcess").select(["ProjectCode", "ProcessLoad"]).execute();
  for (const { ProjectCode, ProcessLoad } of processes) {
    const parameters = await readParameters(within.db, ProjectCode, ProcessLoad);
    // What the oldest kept command found; where none moved it, it has the value it always had.
    const { rows } = await sql<{ name: string; before: string | null }>`
      select w.name, w.before from watermark_event w join etl_event e on e.seq = w.seq
      where w.project_code = ${ProjectCode} and w.process_load = ${ProcessLoad}
      order by w.seq desc`.execute(within.db);
    const first = new Map(rows.map((row) => [row.name, row.before]));
    ledger.parameters.set(
      processKey({ projectCode: ProjectCode, processLoad: ProcessLoad }),
      new Map(
        parameters.map((one) => [one.name, first.has(one.name) ? { ...one, value: first.get(one.name) ?? null } : one]),
      ),
    );
  }
  return ledger;
}

async function fold(
  within: Database,
  decide: Decide,
  reads: (command: Command) => Reads,
): Promise<{ ledger: Ledger; commands: number; verdicts: number[] }> {
  const ledger = await beginning(within);
  const verdicts: number[] = [];
  let commands = 0;
  for (let after = 0; ; ) {
    const page = (await within.db
      .selectFrom("etl_event")
      .selectAll()
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(PAGE)
      .execute()) as EtlEvent[];
    for (const event of page.map(eventOf)) {
      commands += 1;
      const { seq, recordedAt, verdict, code, answer, ...command } = event;
      const effects = decideOne(ledger, command, recordedAt, decide, reads(command), []);
      const same =
        effects.verdict === verdict && effects.code === code && stableJson(effects.answer) === stableJson(answer);
      if (!same) verdicts.push(seq);
    }
    const last = page.at(-1);
    if (!last) break;
    after = last.seq;
  }
  return { ledger, commands, verdicts };
}

/** The part of the runs door about replay and purging. */
export function sqlReplay(database: Database): Pick<RunStore, "replay" | "purge"> {
  return {
    replay: (decide, how, reads = usualReads) =>
      inTransaction(database, async (within): Promise<ReplayReport> => {
        // Nobody may append between the fold and the rows it is compared with or written over.
        await lockLog(within.db, within.kind, "etl_event");
        const { ledger, commands, verdicts } = await fold(within, decide, reads);
        const stored = (await within.db.selectFrom("step_row").selectAll().execute()) as StepRow[];
        const found = new Map(stored.map((row) => [`${row.run_id}/${attemptKey(stepOf(row))}`, row]));
        const differing: ReplayReport["differing"] = [];
        const rows: unknown[][] = [];
        for (const run of ledger.runs.values()) {
          for (const step of run.steps) {
            const values = stepValues(run.id as number, step);
            rows.push(values);
            const key = `${run.id}/${attemptKey(step)}`;
            const was = found.get(key);
            found.delete(key);
            if (!was || JSON.stringify(rowValues(was)) !== JSON.stringify(values)) differing.push(step);
          }
        }
        for (const row of found.values()) differing.push(stepOf(row));
        if (how === "rebuild" && differing.length > 0) {
          // A number is left out: whoever keeps steps in memory sees by it that they are not what they were.
          await nextSeq(within.db, "etl_event");
          await within.db.deleteFrom("step_state").execute();
          await insertSteps(within.db, within.kind, rows);
        }
        return {
          commands,
          steps: rows.length,
          verdicts,
          differing: differing.map((step) => ({
            projectCode: step.projectCode,
            processLoad: step.processLoad,
            processingDate: step.processingDate,
            executionId: step.executionId,
            workflowId: step.workflowId,
            taskId: step.taskId,
            attempt: step.attempt,
          })),
        };
      }),

    purge: (closedBefore) =>
      inTransaction(database, async (within) => {
        await lockLog(within.db, within.kind, "etl_event");
        const old = sql`select id from etl_run where closed_at is not null and closed_at < ${closedBefore}`;
        const ofRun = (table: string, columns: readonly [string, string, string, string]) =>
          sql`delete from ${sql.table(table)} where exists (
            select 1 from etl_run r where r.closed_at is not null and r.closed_at < ${closedBefore}
              and r.project_code = ${sql.ref(`${table}.${columns[0]}`)} and r.process_load = ${sql.ref(`${table}.${columns[1]}`)}
              and r.processing_date = ${sql.ref(`${table}.${columns[2]}`)}
              and r.execution_id = ${sql.ref(`${table}.${columns[3]}`)})`.execute(within.db);
        const ours = ["project_code", "process_load", "processing_date", "execution_id"] as const;
        const { numAffectedRows: commands } = await ofRun("etl_event", ours);
        for (const table of ["step_lease", "observation", "step_observed"]) await ofRun(table, ours);
        await ofRun("ETLsysLogs", ["ProjectCode", "ProcessLoad", "ProcessingDate", "ExecutionID"]);
        await sql`delete from step_state where run_id in (${old})`.execute(within.db);
        const { numAffectedRows: runs } = await sql`delete from etl_run where id in (${old})`.execute(within.db);
        return { runs: Number(runs ?? 0n), commands: Number(commands ?? 0n) };
      }),
  };
}
