/** Decides what a pass must read and which days it must compute: pure. */
import type { IngestReason } from "../../model/ingest-report.ts";
import type { EvidenceUnit } from "../../sources/evidence-source.ts";
import type { SourceDay, Unit } from "../../store/lineage.ts";

/** A unit as it is now, with the days it is of. */
export interface PlacedUnit extends EvidenceUnit {
  days: readonly string[];
}

/** Units that must be read: those that are unknown, have changed, or were read by other rules. */
export function unitsToRead(
  listed: readonly EvidenceUnit[],
  known: ReadonlyMap<string, Unit>,
  ruleset: string,
): EvidenceUnit[] {
  return listed.filter((unit) => {
    const before = known.get(unit.key);
    return before === undefined || before.digest !== unit.digest || before.ruleset !== ruleset;
  });
}

/** Units that are read at once at most, and their bytes: the source is held meanwhile, and nobody sees how far it is. */
const TOGETHER = 48;
const BYTES_TOGETHER = 64 << 20;

/** Units in groups that are read at once; one without a known size is read alone. */
export function together<U extends Pick<EvidenceUnit, "bytes">>(units: readonly U[]): U[][] {
  const groups: U[][] = [];
  let room = 0;
  for (const unit of units) {
    const { bytes = BYTES_TOGETHER } = unit;
    const last = groups.at(-1);
    if (last === undefined || bytes > room || last.length >= TOGETHER) {
      groups.push([unit]);
      room = BYTES_TOGETHER - bytes;
    } else {
      last.push(unit);
      room -= bytes;
    }
  }
  return groups;
}

/** A day that must be computed. */
export interface PlannedDay {
  day: string;
  why: IngestReason;
  /** All units it is made of, in the order of their keys. */
  units: PlacedUnit[];
  /** Units of the days beside it that are not its own. */
  around: PlacedUnit[];
  /** Units to note as read with this day: it is the last one they change. */
  finishes: PlacedUnit[];
}

/** What is known when days are planned. */
export interface DayFacts {
  /** Units that were read in this pass, with their days. */
  read: readonly PlacedUnit[];
  /** What the store says was read before. */
  known: ReadonlyMap<string, Unit>;
  /** Days the store has. */
  days: readonly SourceDay[];
  /** By what a day would be computed now. */
  rulesets: ReadonlyMap<string, string>;
  /** Days whose content depends on that of a day. */
  beside(day: string): readonly string[];
}

/**
 * The days to compute, oldest first. A unit counts as read only with the last day it changes: who is killed before
 * reads it again, and replacing a day by the same changes nothing.
 */
export function planDays(facts: DayFacts): PlannedDay[] {
  const { read, known, rulesets } = facts;
  const stored = new Map(facts.days.map((one) => [one.day, one]));
  const why = new Map<string, IngestReason>();
  const touchedBy = (unit: PlacedUnit): string[] => [...new Set([...unit.days, ...(known.get(unit.key)?.days ?? [])])];
  for (const unit of read) {
    for (const day of touchedBy(unit)) why.set(day, stored.has(day) ? "changed" : "new");
  }
  for (const day of [...why.keys()]) {
    for (const other of facts.beside(day)) if (stored.has(other) && !why.has(other)) why.set(other, "beside");
  }
  for (const { day, ruleset } of facts.days) {
    const now = rulesets.get(day);
    if (why.has(day) || now === undefined || now === ruleset) continue;
    why.set(day, now.split(":", 1)[0] === ruleset.split(":", 1)[0] ? "inputs" : "rules");
  }
  const units = new Map<string, PlacedUnit>(known);
  for (const unit of read) units.set(unit.key, unit);
  const byDay = new Map<string, PlacedUnit[]>();
  for (const unit of units.values()) {
    for (const day of unit.days) byDay.set(day, [...(byDay.get(day) ?? []), unit]);
  }
  for (const of of byDay.values()) of.sort((a, b) => (a.key < b.key ? -1 : 1));
  const finishes = new Map<string, PlacedUnit[]>();
  for (const unit of read) {
    const last = touchedBy(unit).sort().at(-1) ?? [...why.keys()].sort().at(-1);
    if (last !== undefined) finishes.set(last, [...(finishes.get(last) ?? []), unit]);
  }
  return [...why]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, reason]) => {
      const own = byDay.get(day) ?? [];
      const beside = facts.beside(day).flatMap((other) => byDay.get(other) ?? []);
      const around = [...new Set(beside)].filter((unit) => !own.includes(unit));
      return { day, why: reason, units: own, around, finishes: finishes.get(day) ?? [] };
    });
}
