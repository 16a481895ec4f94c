/** Whether the sources agree about an edge: who saw it, who could have and did not, who could not. Pure. */
import type { Relation } from "../store/lineage.ts";

/** What one source was able to see. */
export interface SourceReach {
  source: string;
  /** UTC days of which it was read, in any order. */
  days: readonly string[];
}

/** What a source has to say of an edge. */
export interface SourceVerdict {
  source: string;
  /** `saw`; `missed`: it was read on days when others saw the edge, and has it not; `blind`: it was not read on those days, or never tells such things. */
  verdict: "saw" | "missed" | "blind";
  /** Days: seen on; missed on; 0 where it was blind. */
  days: number;
  /** In words, without the source's name: `saw it on 3 days`. */
  text: string;
}

/** How the sources agree. */
export interface Agreement {
  /** `agree`: several saw it and none missed it; `alone`: one saw it, and no other could have; `disputed`: one that could have seen it did not. */
  state: "agree" | "alone" | "disputed";
  /** Those that saw it first, then those that missed it. */
  verdicts: SourceVerdict[];
  /** One line: `storage-logs and unity-catalog agree; http missed it on 2 days`. */
  text: string;
}

/** Kinds of sources that never tell of a relation: files do not say what calls what, system tables do not say who cleans up. */
const UNTOLD: Record<string, readonly Relation[]> = {
  "storage-logs": ["calls", "defines"],
  "unity-catalog": ["calls", "maintains"],
};

const daysText = (count: number): string => (count === 1 ? "1 day" : `${count} days`);

const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** Days of a source among the days that others saw the edge on. A month that was rolled up (`2026-09`) counts once. */
function missedDays(reach: SourceReach, seen: readonly string[]): number {
  const days = new Set(reach.days);
  const months = new Set(reach.days.map((day) => day.slice(0, 7)));
  return seen.filter((day) => (day.length === 7 ? months.has(day) : days.has(day))).length;
}

/**
 * How sources agree about an edge.
 * @param sightings who saw it on which day (`2026-11-21`, or `2026-09` for a month that was rolled up), in any order
 * @param reaches every source of the store, with the days it was read for
 * @param relation of the edge
 * @param kindOf kind of a source by its name, where the config still has it
 */
export function agreementAbout(
  sightings: readonly { source: string; day: string }[],
  reaches: readonly SourceReach[],
  relation: Relation,
  kindOf: (source: string) => string | undefined = (source) => source,
): Agreement {
  const seenOn = new Map<string, Set<string>>();
  for (const { source, day } of sightings) seenOn.set(source, (seenOn.get(source) ?? new Set()).add(day));
  const all = [...new Set(sightings.map(({ day }) => day))].sort();
  const saw = [...seenOn]
    .map(
      ([source, days]): SourceVerdict => ({
        source,
        verdict: "saw",
        days: days.size,
        text: `saw it on ${daysText(days.size)}`,
      }),
    )
    .sort((a, b) => (a.source < b.source ? -1 : 1));
  const others = reaches
    .filter(({ source }) => !seenOn.has(source))
    .map((reach): SourceVerdict => {
      const { source } = reach;
      if (UNTOLD[kindOf(source) ?? ""]?.includes(relation)) {
        return { source, verdict: "blind", days: 0, text: `never tells who ${relation} what` };
      }
      const missed = missedDays(reach, all);
      return missed === 0
        ? { source, verdict: "blind", days: 0, text: "was not read for those days" }
        : { source, verdict: "missed", days: missed, text: `was read for ${daysText(missed)} of them and has it not` };
    })
    .sort((a, b) => (a.verdict === b.verdict ? (a.source < b.source ? -1 : 1) : a.verdict === "missed" ? -1 : 1));
  const missed = others.filter(({ verdict }) => verdict === "missed");
  const names = listed(saw.map(({ source }) => source));
  const first = saw.length > 1 ? `${names} agree` : saw.length === 1 ? `only ${names} saw it` : "nobody saw it";
  const rest = missed.map(({ source, days }) => `${source} missed it on ${daysText(days)}`);
  return {
    state: missed.length > 0 ? "disputed" : saw.length > 1 ? "agree" : "alone",
    verdicts: [...saw, ...others],
    text: [first, ...rest].join("; "),
  };
}
