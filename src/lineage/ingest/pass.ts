/** One pass over one source as it is reported: the source held by a lease meanwhile, and a failure told instead of thrown. */
import { HeadgateError } from "../../errors.ts";
import type { IngestedSource } from "../../model/ingest-report.ts";
import type { EvidenceSource } from "../../sources/evidence-source.ts";
import type { Store } from "../../store/transaction.ts";
import type { Clock } from "../../util/clock.ts";
import { type HeldLease, holdSource, type IngestHolder } from "./lease.ts";

/** A pass over a source that is held; what it does goes into the report as it is done. */
export type Pass = (held: HeldLease, report: IngestedSource) => Promise<void>;

/**
 * Opens a source, holds it, and lets the pass go over it.
 * @param prepare makes the pass, before the source is held
 * @returns what was done; a failure that ends the pass early is in `failed`, and what was written before it stays
 * @throws the signal's reason when aborted, and what is no HeadgateError
 */
export async function reportPass<Source extends EvidenceSource>(
  named: { name: string; kind: string; open(): Source },
  setting: { store: Store; clock: Clock; holder: IngestHolder },
  prepare: (source: Source) => Pass | Promise<Pass>,
): Promise<IngestedSource> {
  const { store, clock, holder } = setting;
  const began = clock.now();
  const report: IngestedSource = {
    source: named.name,
    kind: named.kind,
    units: { listed: 0, known: 0, read: 0, bytes: 0 },
    days: [],
    held: [],
    skipped: [],
    failed: null,
    milliseconds: 0,
  };
  try {
    const source = named.open();
    const pass = await prepare(source);
    const held = await holdSource(store.cursors, clock, source.name, holder);
    try {
      await pass(held, report);
    } finally {
      await held.release();
    }
  } catch (error) {
    if (!(error instanceof HeadgateError) || error.code === "interrupted") throw error;
    const { code, message, hint = null, permanent } = error;
    const retryable = permanent === false || code === "unavailable" || code === "lock_lost";
    report.failed = { code, message, hint, retryable };
  }
  report.milliseconds = clock.now() - began;
  return report;
}
