/** Writes what a batch of commands led to, all in the transaction of the batch. */
import { sql } from "kysely";
import type { RecordedCommand, StoredStep } from "../../../model/step.ts";
import { utc } from "../../../util/clock.ts";
import type { Database } from "../../database.ts";
import type { LeaseChange } from "../../runs.ts";
import { nextSeq } from "../../seq.ts";
import { type Column, insertMany, selectMany } from "../many.ts";
import { eventValues, insertEvents, processKey } from "./event-row.ts";
import type { Effects, Ledger, LedgerRun } from "./ledger.ts";
import { watermarkRow, writeMode } from "./modes.ts";
import { valueColumns } from "./parameters.ts";
import { findRow } from "./run-rows.ts";
import { STEP_COLUMNS, stepValues } from "./step-row.ts";

/** A command that was decided now. */
export interface Decided {
  event: RecordedCommand;
  effects: Effects;
  /** Text of the command's payload. */
  payload: string;
}

const KEYS = ["run_id", "workflow_id", "task_id", "attempt"];
const upsertSteps = insertMany(
  "step_state",
  STEP_COLUMNS,
  `on conflict (${KEYS.join(", ")}) do update set ${STEP_COLUMNS.filter(([name]) => !KEYS.includes(name))
    .map(([name]) => `${name} = excluded.${name}`)
    .join(", ")} where step_state.version < excluded.version`,
);
const insertRuns = insertMany("etl_run", [
  ["id", "bigint"],
  ["project", "text"],
  ["project_code", "text"],
  ["process_load", "text"],
  ["processing_date", "text"],
  ["execution_id", "text"],
  ["run_number", "integer"],
  ["first_seen_at", "text"],
  ["closed_at", "text"],
]);

async function writeRuns({ db, kind }: Database, runs: readonly LedgerRun[]): Promise<void> {
  const fresh = runs.filter((run) => run.id === undefined);
  if (fresh.length > 0) {
    const first = await nextSeq(db, "etl_run", fresh.length);
    for (const [index, run] of fresh.entries()) run.id = first + index;
    await insertRuns(
      db,
      kind,
      fresh.map((run) => [
        run.id,
        run.project,
        run.projectCode,
        run.processLoad,
        run.processingDate,
        run.executionId,
        run.runNumber,
        run.firstSeenAt,
        run.closedAt,
      ]),
    );
  }
  for (const run of runs) {
    if (run.closedAt === null || fresh.includes(run)) continue;
    await db
      .updateTable("etl_run")
      .set({ closed_at: run.closedAt })
      .where("id", "=", run.id as number)
      .where("closed_at", "is", null)
      .execute();
  }
}

/** The rows of every changed step of a ledger whose runs have ids. */
export function changedRows(ledger: Ledger): unknown[][] {
  return [...ledger.runs.values()].flatMap((run) =>
    [...run.changed.values()].map((key) => stepValues(run.id as number, findRow(run.steps, key) as StoredStep)),
  );
}

async function writeWatermarks({ db }: Database, ledger: Ledger, decided: readonly Decided[]): Promise<void> {
  for (const { event, effects } of decided) {
    if (effects.mode) await writeMode(db, event, effects.mode);
    for (const change of effects.watermarks) {
      const type = ledger.parameters.get(processKey(change))?.get(change.name)?.type ?? "DELTA_DATE";
      await db
        .insertInto("watermark_event")
        .values(watermarkRow({ ...change, seq: event.seq }))
        .onConflict((conflict) =>
          // One command may move a watermark twice; the log keeps where it came from and where it went.
          conflict.columns(["project_code", "process_load", "name", "seq"]).doNothing(),
        )
        .execute();
      const { ValueINT, ValueDateTime, ValueBIT } = valueColumns(type, change.value);
      await db
        .updateTable("ETLconfigParameters")
        .set({
          ValueINT: sql<string | null>`cast(${ValueINT} as bigint)`,
          ValueDateTime,
          ValueBIT,
          LastUpdatedOn: change.at,
          LastUpdatedBy: change.actor,
        })
        .where("ProjectCode", "=", change.projectCode)
        .where("ProcessLoad", "=", change.processLoad)
        .where("ParameterName", "=", change.name)
        .execute();
    }
  }
}

/** Marks a lease that is held by nobody: it never expires. */
export const NEVER = utc(Date.UTC(9999, 11, 31));

const LEASE_KEY: readonly Column[] = [
  ["project_code", "text"],
  ["process_load", "text"],
  ["processing_date", "text"],
  ["execution_id", "text"],
  ["workflow_id", "integer"],
  ["task_id", "integer"],
];
const LEASE_NAMES = LEASE_KEY.map(([name]) => name);

const grantLeases = insertMany(
  "step_lease",
  [
    ...LEASE_KEY,
    ["attempt", "integer"],
    ["number", "integer"],
    ["holder", "text"],
    ["granted_at", "text"],
    ["beat_at", "text"],
    ["expires_at", "text"],
  ],
  `on conflict (${LEASE_NAMES.join(", ")}) do update set attempt = excluded.attempt, holder = excluded.holder,
    number = step_lease.number + excluded.number, granted_at = excluded.granted_at, beat_at = excluded.beat_at,
    expires_at = excluded.expires_at`,
);
// The row of an ended lease stays, held by nobody, so that the next one gets a new number.
const endLeases = selectMany<never>(
  LEASE_KEY,
  `update step_lease as l set expires_at = '${NEVER}' from KEYS where ${LEASE_NAMES.map((name) => `l.${name} = k.${name}`).join(" and ")}`,
);

async function writeLeases({ db, kind }: Database, decided: readonly Decided[]): Promise<void> {
  /** What becomes of each step's lease: its last change, and how often it was given. */
  const leases = new Map<string, { key: unknown[]; last: LeaseChange; at: string; given: number }>();
  for (const { event, effects } of decided) {
    for (const lease of effects.leases) {
      const { projectCode, processLoad, processingDate, executionId, workflowId, taskId } = lease;
      const key = [projectCode, processLoad, processingDate, executionId, workflowId, taskId];
      const text = JSON.stringify(key);
      const given = (leases.get(text)?.given ?? 0) + (lease.expiresAt === null ? 0 : 1);
      leases.set(text, { key, last: lease, at: event.recordedAt, given });
    }
  }
  const all = [...leases.values()];
  await grantLeases(
    db,
    kind,
    all
      .filter(({ given }) => given > 0)
      .map(({ key, last, at, given }) => [...key, last.attempt, given, last.holder, at, at, last.expiresAt ?? NEVER]),
  );
  await endLeases(
    db,
    kind,
    all.filter(({ given }) => given === 0).map(({ key }) => key),
  );
}

/** Writes commands, runs, steps, watermarks, modes and leases. */
export async function writeBatch(within: Database, ledger: Ledger, decided: readonly Decided[]): Promise<void> {
  await insertEvents(
    within.db,
    within.kind,
    decided.map(({ event, payload }) => eventValues(event, payload)),
  );
  const runs = [...ledger.runs.values()].filter((run) => run.changed.size > 0 || run.closedAt !== null);
  await writeRuns(within, runs);
  const rows = changedRows(ledger);
  const written = await upsertSteps(within.db, within.kind, rows);
  if (written !== rows.length) throw new Error("a step was changed beside the log of commands");
  await writeWatermarks(within, ledger, decided);
  await writeLeases(within, decided);
}
