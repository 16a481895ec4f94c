/** Fills a ledger with what a batch of commands will be decided upon. */
import { type Command, INITIATION } from "../../../model/step.ts";
import type { Database } from "../../database.ts";
import type { Reads } from "../../runs.ts";
import type { EtlRun, StepState } from "../../schema/runs.ts";
import { selectMany } from "../many.ts";
import { processKey, runOf } from "./event-row.ts";
import { dayKey, type Ledger, type LedgerRun } from "./ledger.ts";
import { readMode } from "./modes.ts";
import { readParameters } from "./parameters.ts";
import { putRow } from "./run-rows.ts";
import { stepOf } from "./step-row.ts";

/** A run with one of its steps; the step's columns are null where it has none. */
type Joined = EtlRun & { [Name in keyof StepState]: StepState[Name] | null };

const RUN_COLUMNS = `r.id, r.project, r.project_code, r.process_load, r.processing_date, r.execution_id, r.run_number,
  r.first_seen_at, r.closed_at, s.*`;
const RUN_JOIN = `join etl_run r on r.project_code = k.project_code and r.process_load = k.process_load
  and r.processing_date = k.processing_date and r.execution_id = k.execution_id`;
const RUN_KEY = [
  ["project_code", "text"],
  ["process_load", "text"],
  ["processing_date", "text"],
  ["execution_id", "text"],
] as const;

const wholeRuns = selectMany<Joined>(
  RUN_KEY,
  `select ${RUN_COLUMNS} from KEYS ${RUN_JOIN} left join step_state s on s.run_id = r.id`,
);
const singleSteps = selectMany<Joined>(
  [...RUN_KEY, ["workflow_id", "integer"], ["task_id", "integer"]],
  `select ${RUN_COLUMNS} from KEYS ${RUN_JOIN}
    left join step_state s on s.run_id = r.id and s.workflow_id = k.workflow_id and s.task_id = k.task_id`,
);
const lastNumbers = selectMany<{ project_code: string; process_load: string; processing_date: string; last: number }>(
  RUN_KEY.slice(0, 3),
  `select k.project_code, k.process_load, k.processing_date, max(r.run_number) as last from KEYS
    join etl_run r on r.project_code = k.project_code and r.process_load = k.process_load
      and r.processing_date = k.processing_date
    group by k.project_code, k.process_load, k.processing_date`,
);

function addRow(ledger: Ledger, row: Joined, isWhole: boolean): void {
  const key = JSON.stringify([row.project_code, row.process_load, row.processing_date, row.execution_id]);
  let run: LedgerRun | undefined = ledger.runs.get(key);
  if (!run) {
    run = {
      id: row.id,
      project: row.project,
      projectCode: row.project_code,
      processLoad: row.process_load,
      processingDate: row.processing_date,
      executionId: row.execution_id,
      runNumber: row.run_number,
      closedAt: row.closed_at,
      firstSeenAt: row.first_seen_at,
      steps: [],
      isWhole,
      changed: new Map(),
    };
    ledger.runs.set(key, run);
  }
  if (row.run_id === null) return;
  putRow(run.steps, stepOf(row as EtlRun & StepState));
}

/** Steps of one run that are asked for one by one, beyond which all of it is read at once, and kept. */
const MANY_STEPS = 8;

/**
 * Reads runs, steps, parameters and modes that the commands ask for. The log's lock must be held.
 * @param cached runs that are known as they are now
 */
export async function loadLedger(
  within: Database,
  ledger: Ledger,
  asked: readonly { command: Command; reads: Reads }[],
  cached: ReadonlyMap<string, LedgerRun>,
): Promise<void> {
  const whole = new Map<string, unknown[]>();
  const single = new Map<string, Map<string, unknown[]>>();
  const processes = new Map<string, Command>();
  for (const { command, reads } of asked) {
    if (reads.parameters) processes.set(processKey(command), command);
    const run = runOf(command);
    if (!run) continue;
    const known = cached.get(run.key);
    if (known) {
      ledger.runs.set(run.key, known);
      continue;
    }
    const key = [command.projectCode, command.processLoad, run.processingDate, run.executionId];
    if (reads.steps === "run") {
      whole.set(run.key, key);
      continue;
    }
    const tasks = single.get(run.key) ?? new Map<string, unknown[]>();
    single.set(run.key, tasks);
    for (const { workflowId, taskId } of [command, INITIATION]) {
      tasks.set(`${workflowId}/${taskId}`, [...key, workflowId ?? 0, taskId ?? 0]);
    }
    if (tasks.size > MANY_STEPS) whole.set(run.key, key);
  }
  for (const key of whole.keys()) single.delete(key);
  const singles = [...single.values()].flatMap((tasks) => [...tasks.values()]);

  const { db, kind } = within;
  for (const row of await wholeRuns(db, kind, [...whole.values()])) addRow(ledger, row, true);
  for (const row of await singleSteps(db, kind, singles)) addRow(ledger, row, false);

  const days = new Map<string, unknown[]>();
  for (const key of [...whole.values(), ...singles.map((values) => values.slice(0, 4))]) {
    if (!ledger.runs.has(JSON.stringify(key))) days.set(JSON.stringify(key.slice(0, 3)), key.slice(0, 3));
  }
  for (const row of await lastNumbers(db, kind, [...days.values()])) {
    ledger.runNumbers.set(
      dayKey({ projectCode: row.project_code, processLoad: row.process_load, processingDate: row.processing_date }),
      row.last,
    );
  }

  for (const [key, { projectCode, processLoad }] of processes) {
    const parameters = await readParameters(db, projectCode, processLoad);
    ledger.parameters.set(key, new Map(parameters.map((parameter) => [parameter.name, parameter])));
    const mode = await readMode(db, projectCode, processLoad);
    if (mode) ledger.modes.set(key, mode);
  }
}
