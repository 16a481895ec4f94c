/**
 * Brings one source into the store: which units are new, which days they touch, and each of those days computed anew
 * and swapped in one transaction. It may be killed anywhere and run again.
 */
import { HeadgateError } from "../../errors.ts";
import type { IngestedSource } from "../../model/ingest-report.ts";
import type { EvidenceSource, EvidenceUnit } from "../../sources/evidence-source.ts";
import type { Unit } from "../../store/lineage.ts";
import type { Store } from "../../store/transaction.ts";
import type { Clock } from "../../util/clock.ts";
import type { DayReader } from "./day-reader.ts";
import type { HeldLease, IngestHolder } from "./lease.ts";
import { reportPass } from "./pass.ts";
import { type PlacedUnit, type PlannedDay, planDays, together, unitsToRead } from "./plan.ts";
import { cursorOf, writeDay } from "./write-day.ts";

/** How far a pass is, for people. */
export interface IngestProgress {
  source: string;
  step: "reading" | "computing";
  /** The unit or day at hand. */
  what: string;
  done: number;
  total: number;
  /** Bytes of units read so far, as far as sources say. */
  bytes: number;
}

/** What a pass works with. */
export interface IngestSetting {
  store: Store;
  clock: Clock;
  holder: IngestHolder;
  /** UTC texts; what lies outside is left as it is. */
  since: string | undefined;
  until: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: IngestProgress) => void) | undefined;
}

/** Value of a source's cursor: what it said itself, and how far we were. */
interface Mark {
  /** {@link EvidenceListing.cursor} of the last whole pass. */
  cursor?: string | undefined;
}

const dayOf = (time: string): string => time.slice(0, 10);

/** Faults of one unit that the others can do without. */
function isOfUnit(error: unknown): error is HeadgateError {
  return error instanceof HeadgateError && (error.code === "input_invalid" || error.code === "not_found");
}

/** The pass over one source, its result filled in as it goes. */
async function pass(
  source: EvidenceSource,
  reader: DayReader,
  setting: IngestSetting,
  held: HeldLease,
  report: IngestedSource,
): Promise<void> {
  const { store, since, until, signal, onProgress = () => undefined } = setting;
  const stored = await store.cursors.find(cursorOf(source.name));
  const mark = stored === undefined ? {} : (JSON.parse(stored.value) as Mark);
  // a window that somebody asked for is read as if for the first time
  const cursor = since === undefined && until === undefined ? mark.cursor : undefined;
  const listing = await source.list({ from: since, to: until, cursor }, signal);
  report.skipped.push(...listing.skipped);
  report.units.listed = listing.units.length;

  const known = await store.lineage.units(source.name);
  const wanted = unitsToRead(listing.units, known, reader.ruleset);
  report.units.known = listing.units.length - wanted.length;
  const read: PlacedUnit[] = [];
  const unreadable = new Map<string, string>();
  const ahead = new Map(together(wanted).map((group) => [group[0], group]));
  for (const unit of wanted) {
    signal?.throwIfAborted();
    await held.keep();
    const { bytes } = report.units;
    onProgress({
      source: source.name,
      step: "reading",
      what: unit.key,
      done: read.length,
      total: wanted.length,
      bytes,
    });
    const group = ahead.get(unit);
    if (group !== undefined) await reader.ahead?.(group);
    try {
      read.push({ ...unit, days: await reader.daysOf(unit) });
      report.units.read += 1;
      report.units.bytes += unit.bytes ?? 0;
    } catch (error) {
      if (!isOfUnit(error)) throw error;
      unreadable.set(unit.key, error.message);
      report.skipped.push({ what: unit.key, why: error.message });
    }
  }

  const days = await store.lineage.sourceDays(source.name);
  const rulesets = new Map<string, string>();
  for (const { day } of days) {
    const [kept] = await store.lineage.coverage({ source: source.name, from: day, to: day });
    const now = await reader.rulesetOf(day, kept?.content);
    if (now !== undefined) rulesets.set(day, now);
  }
  const planned = planDays({ read, known, days, rulesets, beside: (day) => reader.beside?.(day) ?? [] }).filter(
    ({ day }) => (since === undefined || day >= dayOf(since)) && (until === undefined || day < until),
  );
  const listed = new Map(listing.units.map((unit) => [unit.key, unit]));
  for (const [index, plan] of planned.entries()) {
    signal?.throwIfAborted();
    await held.keep();
    const { bytes } = report.units;
    onProgress({ source: source.name, step: "computing", what: plan.day, done: index, total: planned.length, bytes });
    const why = await hindrance(plan, reader, listed, unreadable);
    if (why !== undefined) {
      report.held.push({ day: plan.day, why });
      continue;
    }
    const content = await reader.day(plan.day, plan.units, plan.around);
    signal?.throwIfAborted();
    await held.keep();
    const units = plan.finishes.map(
      ({ key, digest, days: of }): Unit => ({ key, digest, ruleset: reader.ruleset, days: of }),
    );
    const written = await writeDay(store, {
      source: source.name,
      day: plan.day,
      content,
      units,
      lease: held.lease,
      cursor: JSON.stringify(mark),
    });
    report.days.push({ day: plan.day, why: plan.why, ...written });
  }
  const end: Mark = listing.cursor === undefined ? {} : { cursor: listing.cursor };
  const whole = since === undefined && until === undefined && unreadable.size === 0;
  if (whole && JSON.stringify(end) !== stored?.value) {
    await store.cursors.move(cursorOf(source.name), JSON.stringify(end), held.lease);
  }
}

/** Why a day cannot be computed without losing what is known of it; undefined where it can. */
async function hindrance(
  plan: PlannedDay,
  reader: DayReader,
  listed: ReadonlyMap<string, EvidenceUnit>,
  unreadable: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  let gone = 0;
  const all = [...plan.units, ...plan.around];
  for (const unit of all) {
    const fault = unreadable.get(unit.key);
    if (fault !== undefined) return `${unit.key}: ${fault}`;
    if (!listed.has(unit.key) && !(await reader.keeps?.(unit))) gone += 1;
  }
  if (gone === 0) return undefined;
  return `${gone} of the ${all.length} it was read from ${gone === 1 ? "is" : "are"} gone`;
}

/** A source that is opened when its turn comes. */
export interface NamedSource {
  name: string;
  kind: string;
  /** @throws HeadgateError for one that cannot be read by this version */
  open(): EvidenceSource;
}

/**
 * Brings a source up to date in the store.
 * @param readerOf makes what reads its kind of evidence
 * @returns what was done; a failure that ends the pass early is in `failed`, and what was written before it stays
 * @throws the signal's reason when aborted, and what is no HeadgateError
 */
export async function ingestSource(
  named: NamedSource,
  readerOf: (source: EvidenceSource) => Promise<DayReader>,
  setting: IngestSetting,
): Promise<IngestedSource> {
  return reportPass(named, setting, async (source) => {
    const reader = await readerOf(source);
    return (held, report) => pass(source, reader, setting, held, report);
  });
}
