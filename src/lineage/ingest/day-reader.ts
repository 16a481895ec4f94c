/** What a kind of evidence must answer so that `ingest` can bring it into the store day by day. */
import type { EvidenceUnit } from "../../sources/evidence-source.ts";
import type { ColumnEdge, NodeKey, Relation, Sighting } from "../../store/lineage.ts";
import type { Json } from "../../util/json.ts";

/** A sighting whose nodes are not in the store yet. */
export interface NamedSighting extends Omit<Sighting, "edgeId"> {
  from: NodeKey;
  to: NodeKey;
  relation: Relation;
}

/** A column edge whose nodes are not in the store yet. */
export interface NamedColumn extends Omit<ColumnEdge, "from" | "to"> {
  from: NodeKey;
  to: NodeKey;
}

/** All that a source knows of a day. */
export interface DayContent {
  /** By what rules and inputs it was computed; what stands before the first `:` is the version of the rules. */
  ruleset: string;
  /** One for each edge, attribution and group. */
  sightings: NamedSighting[];
  columns?: NamedColumn[] | undefined;
  /** What people call the nodes. */
  titles?: { node: NodeKey; title: string }[] | undefined;
  coverage?: Json | undefined;
}

/** Reads the units of one source in one pass. */
export interface DayReader {
  /** Version of how units are read: units read by another are read again. */
  readonly ruleset: string;
  /**
   * Told which units {@link daysOf} is asked for next, so that many small ones may be read at once. Faults of single
   * units are left for `daysOf` to tell.
   */
  ahead?(units: readonly EvidenceUnit[]): Promise<void>;
  /**
   * Reads a unit that is new or has changed, as far as needed to know its days. May take long; may keep what it read,
   * so that {@link day} need not read it again.
   * @returns UTC days, each once
   * @throws HeadgateError: `input_invalid` for a unit that cannot be read, which the pass leaves out and names
   */
  daysOf(unit: EvidenceUnit): Promise<string[]>;
  /**
   * {@link DayContent.ruleset} that a day of the store would have if it were computed now from the same units: where it
   * is another than it has, the day is computed again.
   * @param coverage what was kept with the day
   * @returns undefined where it is to be left as it is
   */
  rulesetOf(day: string, coverage: Json | undefined): Promise<string | undefined>;
  /** Days whose content also depends on that of this day, and that this day's depends on. */
  beside?(day: string): string[];
  /** Whether a unit that the source no longer lists can still be read. */
  keeps?(unit: EvidenceUnit): Promise<boolean>;
  /**
   * The content of a day.
   * @param units all of the day
   * @param around those of the days beside it
   */
  day(day: string, units: readonly EvidenceUnit[], around: readonly EvidenceUnit[]): Promise<DayContent>;
}
