/** How long the tasks of the demo take, and which of them stumble and are retried: by a seed, so that it is the same each time. Pure. */
import type { StartingTask, TaskBehaviour } from "../../fakes/index.ts";

const MINUTE = 60_000;
/** Usual minutes of work by `job/task`. */
const USUAL: Record<string, number> = {
  "ingest pos/receipts": 2.5,
  "ingest erp/extract": 14,
  "ingest erp/merge": 9,
  "ingest web events/land": 4,
  "ingest web events/sessionise": 6,
  "nightly sales/load_orders": 17,
  "nightly sales/load_lines": 26,
  "nightly sales/enrich": 21,
  "nightly sales/revenue": 8,
  "nightly sales/publish": 4,
  "nightly sales/drop_staging": 1,
  "customers scd2/snapshot": 6,
  "customers scd2/scd2": 13,
  "inventory snapshot/region": 3,
  "inventory snapshot/combine": 4,
  "fx rates/rates": 0.6,
  "gl post/collect": 7,
  "gl post/post": 11,
  "gl post/reconcile": 5,
  "hr daily/employees": 5,
  "hr daily/absences": 6,
  "marketing attribution/touchpoints": 31,
  "marketing attribution/attribution": 44,
  "table maintenance/optimize": 96,
  "table maintenance/vacuum": 28,
  "loyalty points/points": 7,
  "till reconcile/reconcile": 6,
  "tmp backfill orders/backfill": 2,
};
/** Tasks whose first attempt fails now and then; each of them is declared with retries. */
const STUMBLES: Record<string, { share: number; message: string }> = {
  "ingest pos/receipts": { share: 0.012, message: "the till gateway answered 503" },
  "ingest web events/land": { share: 0.03, message: "the shop's event stream was cut after 12 of 24 partitions" },
  "ingest erp/extract": { share: 0.15, message: "ORA-01555: snapshot too old" },
};

/** A number from 0 up to 1, always the same for the same text (FNV-1a, mixed). */
export function chance(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** What the fake asks of a task that starts. */
export function usualBehaviour(task: StartingTask, seed: number): TaskBehaviour {
  const name = `${task.jobName}/${task.taskKey}`;
  const which = `${seed}/${name}/${task.runNumber}/${task.attempt}/${task.input ?? ""}`;
  const usual = USUAL[name];
  // A condition, a for-each, a call of another job: they take what they take.
  if (usual === undefined) return {};
  const minutes = usual * (0.85 + 0.35 * chance(`${which}/time`));
  const behaviour: TaskBehaviour = { durationMs: Math.round(minutes * MINUTE) };
  if (name === "gl post/collect")
    behaviour.values = { batches: String(20 + Math.floor(40 * chance(`${which}/batches`))) };
  const stumble = STUMBLES[name];
  if (stumble && task.attempt === 0 && chance(`${which}/stumble`) < stumble.share) {
    return { ...behaviour, durationMs: Math.round(minutes * 0.4 * MINUTE), outcome: "fail", message: stumble.message };
  }
  return behaviour;
}
