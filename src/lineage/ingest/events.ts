/**
 * Brings a source of OpenLineage events into the store: each unit is harvested, its events are kept, and what was kept
 * is folded into the graph. An event that is known already, from wherever, counts once; so a unit may be read again.
 */
import { HeadgateError } from "../../errors.ts";
import type { IngestedSource } from "../../model/ingest-report.ts";
import type { EventSource, EvidenceSource, EvidenceUnit } from "../../sources/evidence-source.ts";
import { createEventFolder } from "../events/fold.ts";
import { type EventIntake, openEventIntake } from "../events/intake.ts";
import { createRecentFacts } from "../events/recent-facts.ts";
import { createHarvest } from "../harvest/harvest.ts";
import type { IngestSetting } from "./ingest.ts";
import { settleIdentity } from "./inventory.ts";
import type { HeldLease } from "./lease.ts";
import { reportPass } from "./pass.ts";
import { unitsToRead } from "./plan.ts";

/** Characters of events that are kept in one call of the store. */
const ENOUGH = 4 << 20;
const MANY = 500;

/** What was found in a unit. */
interface Found {
  /** UTC days of all its events, sorted. */
  days: string[];
  /** Those of events that were new. */
  newDays: string[];
  /** Events whose end is missing, and objects that claim to be events and are none. */
  broken: number;
}

const saidOf = (broken: number): string =>
  broken === 1 ? "one event is cut off or invalid" : `${broken} events are cut off or invalid`;

/** Harvests a unit and keeps what is in the window. */
async function readUnit(
  source: EventSource,
  unit: EvidenceUnit,
  intake: EventIntake,
  setting: Pick<IngestSetting, "since" | "until" | "signal">,
  held: HeldLease,
): Promise<Found> {
  const days = new Set<string>();
  const newDays = new Set<string>();
  let texts: string[] = [];
  let size = 0;
  const harvest = createHarvest((text) => {
    texts.push(text);
    size += text.length;
  });
  const keep = async (): Promise<void> => {
    await held.keep();
    const kept = await intake.found(texts, source.name, { since: setting.since, until: setting.until });
    texts = [];
    size = 0;
    for (const { day, isNew } of kept) {
      days.add(day);
      if (isNew) newDays.add(day);
    }
  };
  const reader = harvest.open("text");
  for await (const line of source.lines(unit, setting.signal)) {
    setting.signal?.throwIfAborted();
    reader.line(line);
    if (size >= ENOUGH || texts.length >= MANY) await keep();
  }
  reader.end();
  await keep();
  const { truncated, invalid } = harvest.counts;
  return { days: [...days].sort(), newDays: [...newDays].sort(), broken: truncated + invalid };
}

async function pass(source: EventSource, setting: IngestSetting, held: HeldLease, report: IngestedSource) {
  const { store, clock, since, until, signal, holder, onProgress = () => undefined } = setting;
  const { units, skipped } = await source.list({ from: since, to: until, cursor: undefined }, signal);
  report.skipped.push(...skipped);
  report.units.listed = units.length;
  const wanted = unitsToRead(units, await store.lineage.units(source.name), source.ruleset);
  report.units.known = units.length - wanted.length;
  const before = new Set((await store.lineage.sourceDays(source.name)).map(({ day }) => day));
  const recent = createRecentFacts();
  const intake = openEventIntake(store.lineage, recent);
  const changed = new Set<string>();
  for (const [index, unit] of wanted.entries()) {
    signal?.throwIfAborted();
    const { bytes } = report.units;
    onProgress({ source: source.name, step: "reading", what: unit.key, done: index, total: wanted.length, bytes });
    try {
      const { days, newDays, broken } = await readUnit(source, unit, intake, setting, held);
      if (broken > 0) report.skipped.push({ what: unit.key, why: saidOf(broken) });
      for (const day of newDays) changed.add(day);
      // Of a window not everything was kept: the unit is read again by a pass without one.
      if (since === undefined && until === undefined) {
        const { key, digest } = unit;
        await store.lineage.putUnits(source.name, [{ key, digest, ruleset: source.ruleset, days }]);
      }
      report.units.read += 1;
      report.units.bytes += unit.bytes ?? 0;
    } catch (error) {
      if (!(error instanceof HeadgateError) || (error.code !== "input_invalid" && error.code !== "not_found"))
        throw error;
      report.skipped.push({ what: unit.key, why: error.message });
    }
  }
  const me = `ingest ${holder.host} ${holder.pid} ${holder.id}`;
  await createEventFolder(store, clock, me, () => settleIdentity(store), recent).fold(signal);
  for (const day of [...changed].sort()) {
    const edges = new Set((await store.lineage.sightings(source.name, day)).map(({ edgeId }) => edgeId)).size;
    report.days.push({ day, why: before.has(day) ? "changed" : "new", edges, changed: true });
  }
}

/**
 * Brings a source of events up to date in the store.
 * @returns what was done; a failure that ends the pass early is in `failed`, and what was kept before it stays
 * @throws the signal's reason when aborted, and what is no HeadgateError
 */
export async function ingestEvents(
  named: { name: string; kind: string; open(): EvidenceSource },
  setting: IngestSetting,
): Promise<IngestedSource> {
  return reportPass(named, setting, (source) => {
    if (source.evidence !== "events") throw new Error(`${named.name} is no source of events`);
    return (held, report) => pass(source, setting, held, report);
  });
}
