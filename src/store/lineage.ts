/**
 * Door of lineage: nodes and edges as they were seen, sightings by source and day, what was read, claims that two
 * names mean one thing, OpenLineage events.
 *
 * @example
 * const [job, table] = await store.lineage.upsertNodes([jobKey, tableKey])
 * const [edge] = await store.lineage.upsertEdges([{ from: job, to: table, relation: "writes" }])
 * await store.lineage.replaceDay({ source, day, ruleset, sightings: [{ edgeId: edge, … }], units })
 * for await (const edge of store.lineage.edgesAt("2026-11-21", 30)) …
 */
import type { Json } from "../util/json.ts";

export type NodeKind = "job" | "task" | "dataset" | "principal";

/** A node by its name, as it was seen; a workspace is part of the namespace. */
export interface NodeKey {
  kind: NodeKind;
  namespace: string;
  name: string;
}

/** A node. */
export interface LineageNode extends NodeKey {
  id: number;
  /** What people call it, where that is not its name: the name of a job. */
  title?: string | undefined;
}

export type Relation = "reads" | "writes" | "maintains" | "defines" | "clones" | "copies" | "calls";

/** An edge between two nodes: the job or task first, then what it reads or writes. */
export interface EdgeKey {
  from: number;
  to: number;
  relation: Relation;
}

/** What one source saw of one edge on one day. */
export interface Sighting {
  edgeId: number;
  /** How it was found: `sql`, `event`, `log`, … */
  method: string;
  /** `exclusive`, `window`, `ambiguous`, `inferred`, `none`. */
  attribution: string;
  /** Joins the candidates of an ambiguous access; "" elsewhere. */
  groupId: string;
  requests: number;
  files: number;
  bytes: number;
  commits: number;
  runs: number;
  /** UTC texts. */
  firstAt: string;
  lastAt: string;
  /** 0 to 1: that the edge exists. */
  confidence: number;
}

/** A sighting with where it comes from. */
export interface SeenSighting extends Sighting {
  source: string;
  /** `2026-11-21`; `2026-09` for a month that was rolled up, which says no more who else fits. */
  day: string;
}

/** What a source saw in all on a day, or in a month that was rolled up. */
export interface DaySum {
  source: string;
  /** `2026-11-21`, or `2026-09`. */
  day: string;
  edges: number;
  requests: number;
  bytes: number;
  /** Requests that several jobs fit. */
  ambiguous: number;
}

/** A sighting as it was before its day was replaced. */
export interface PreviousSighting extends Sighting {
  version: number;
  replacedAt: string;
}

/** Something that was read: a blob with its etag and length, an event file, a window of a query. */
export interface Unit {
  key: string;
  digest: string;
  ruleset: string;
  /** Days it contributed to. */
  days: readonly string[];
}

/** An edge between two columns, seen on a day. */
export interface ColumnEdge {
  from: number;
  to: number;
  fromColumn: string;
  toColumn: string;
  /** `IDENTITY`, `TRANSFORMATION`, `AGGREGATION`, … */
  kind: string;
}

/** All that one source knows of one day. */
export interface SourceDayContent {
  source: string;
  /** `2026-11-21`. */
  day: string;
  /** Version of the rules it was computed by: says what an upgrade must recompute. */
  ruleset: string;
  sightings: readonly Sighting[];
  columns?: readonly ColumnEdge[] | undefined;
  /** What the source could and could not see of the day, in its own shape. */
  coverage?: Json | undefined;
  /** What was read for it. */
  units: readonly Unit[];
}

/** What is added to a day. */
export interface DayGrowth {
  source: string;
  day: string;
  ruleset: string;
  sightings: readonly Sighting[];
  columns: readonly ColumnEdge[];
}

/** A day of a source as it stands. */
export interface SourceDay {
  source: string;
  day: string;
  /** Grows by one with every change. */
  version: number;
  ruleset: string;
  /** UTC text: when it was computed last. */
  recordedAt: string;
}

/** What a source could and could not see of a day. */
export interface DayCoverage {
  source: string;
  day: string;
  content: Json;
}

/** An edge of the graph at a date, with what was seen of it in its window by all sources together. */
export interface EdgeAt extends EdgeKey {
  edgeId: number;
  sources: string[];
  attributions: string[];
  requests: number;
  files: number;
  bytes: number;
  commits: number;
  runs: number;
  firstAt: string;
  lastAt: string;
  confidence: number;
  /** True where counts were taken from months that lie only partly in the window, in proportion. */
  approximate: boolean;
}

/** A claim that two nodes mean one thing. */
export interface Claim {
  id: string;
  a: number;
  b: number;
  kind: string;
  evidence: Json;
  confidence: number;
  source: string;
  status: "proposed" | "active" | "rejected";
  /** The person who decided; null = nobody yet. */
  actor: string | null;
  at: string;
}

/** An OpenLineage event to keep. */
export interface LineageEvent {
  /** A repeat of an id is the same event. */
  id: string;
  source: string;
  jobNode: number | null;
  runId: string | null;
  /** START, RUNNING, COMPLETE, ABORT, FAIL, OTHER, JOB, DATASET. */
  type: string;
  eventTime: string;
  /** The event's JSON text, byte by byte. */
  body: string;
}

/** A kept event, without its body. */
export interface StoredLineageEvent extends Omit<LineageEvent, "body"> {
  seq: number;
  recordedAt: string;
  bodyHash: string;
}

/** What is known of an OpenLineage run. */
export interface LineageRun {
  jobNode: number;
  runId: string;
  state: string;
  /** Datasets by direction, as node ids, with what events said of them. */
  io: Json;
  parent: string | null;
  updatedAt: string;
}

/** Lineage. */
export interface LineageStore {
  /** Ids of nodes, in the order asked; unknown ones are made. */
  upsertNodes(nodes: readonly NodeKey[]): Promise<number[]>;
  /** Ids of edges, in the order asked; unknown ones are made. */
  upsertEdges(edges: readonly EdgeKey[]): Promise<number[]>;
  nodes(ids: readonly number[]): Promise<LineageNode[]>;
  findNode(key: NodeKey): Promise<LineageNode | undefined>;
  /** Those of the keys that there are, in no particular order. */
  findNodes(keys: readonly NodeKey[]): Promise<LineageNode[]>;
  /** Says what people call nodes. */
  putTitles(titles: readonly { node: number; title: string }[]): Promise<void>;
  /** Nodes whose name or title holds all words of a text, shortest name first. */
  searchNodes(
    text: string,
    filter?: { kind?: NodeKind | undefined; limit?: number | undefined },
  ): Promise<LineageNode[]>;
  edgesOf(node: number): Promise<(EdgeKey & { edgeId: number })[]>;
  /** Days that an edge stays in the graph after it was last seen, where that is more than the graph's own window. */
  setEdgeWindows(windows: readonly { edgeId: number; days: number }[]): Promise<void>;

  /**
   * Replaces all that a source knows of a day, in one transaction; what it replaces is kept for 30 days. The same
   * content again changes nothing.
   * @returns the day's version, and whether it changed
   * @throws HeadgateError `input_invalid` for a day that was rolled up into its month: replace the month
   */
  replaceDay(content: SourceDayContent): Promise<{ version: number; changed: boolean }>;
  /**
   * Adds to what is known of days: counts are summed up, times and confidence widened, columns joined; a day of a month
   * that was rolled up goes into its month. For the reader of a log whose days only grow: no former version is kept, and
   * only in one transaction with the reader's cursor is everything added once.
   */
  growDays(days: readonly DayGrowth[]): Promise<void>;
  /** Replaces a month that was rolled up by its days. */
  replaceMonth(source: string, month: string, days: readonly Omit<SourceDayContent, "source">[]): Promise<void>;
  sightings(source: string, day: string): Promise<Sighting[]>;
  /** Former versions of a day, newest first: answers “why did this change”. */
  previousSightings(source: string, day: string): Promise<PreviousSighting[]>;
  /** What was read by a source, by key; all, or those asked for. */
  units(source: string, keys?: readonly string[]): Promise<Map<string, Unit>>;
  /** Notes what was read, beside the days it contributed to. */
  putUnits(source: string, units: readonly Unit[]): Promise<void>;
  /** Days that are known of a source, or of all, oldest first. */
  sourceDays(source?: string): Promise<SourceDay[]>;
  /** What sources could see, day by day, oldest first. @param from and to: days, both included */
  coverage(filter?: {
    source?: string | undefined;
    from?: string | undefined;
    to?: string | undefined;
  }): Promise<DayCoverage[]>;
  /** Days that were computed by other rules than these. */
  outdatedDays(source: string, ruleset: string): Promise<string[]>;
  /** Packs whole months that ended before a day into one row an edge. @returns the months */
  rollUp(before: string): Promise<{ source: string; month: string }[]>;
  /** Removes former versions of days that were replaced before a time. */
  purgePrevious(replacedBefore: string): Promise<number>;

  /** A text that is another one once a day or a title was written: what was read before may be out of date. */
  revision(): Promise<string>;
  /** What was seen of some edges on the days of [first, last], oldest first; of months that were rolled up as a whole. */
  sightingsOf(edgeIds: readonly number[], first: string, last: string): Promise<SeenSighting[]>;
  /** Sightings of a day that belong to the same ambiguous accesses, by group. */
  sightingsOfGroups(source: string, day: string, groupIds: readonly string[]): Promise<SeenSighting[]>;
  /** Sums by source and day of [first, last], oldest first. */
  daySums(first: string, last: string): Promise<DaySum[]>;

  /**
   * The graph at a date: every edge with a sighting in (date − window, date], in the order of edge ids. Read in pages,
   * so that the estate need not fit into memory; what is written meanwhile may or may not be seen.
   */
  edgesAt(date: string, windowDays: number): AsyncIterable<EdgeAt>;
  /** Columns that a column comes from or goes to, as last seen. */
  columnEdges(filter: {
    from?: number | undefined;
    to?: number | undefined;
    since?: string | undefined;
  }): Promise<(ColumnEdge & { lastDay: string })[]>;

  /** Adds claims; one that is known gets new evidence, unless a person has decided it. */
  putClaims(claims: readonly Omit<Claim, "actor">[]): Promise<void>;
  /** A person's decision. @throws HeadgateError `not_found` */
  decideClaim(id: string, status: Claim["status"], actor: string): Promise<void>;
  claims(filter?: { node?: number | undefined; status?: Claim["status"] | undefined }): Promise<Claim[]>;
  /** Keeps which node stands for which, as one epoch; only nodes that stand for another are listed. @returns the epoch */
  writeCanon(canon: readonly { node: number; canon: number }[]): Promise<number>;
  /** The newest epoch. */
  canon(): Promise<{ epoch: number; canon: Map<number, number> }>;

  /** Keeps events with their bodies, each body once; durable when it resolves. `isNew` false = the id was known. */
  appendEvents(events: readonly LineageEvent[]): Promise<{ seq: number; isNew: boolean }[]>;
  /** Events after a number, in commit order. */
  eventsAfter(seq: number, limit: number): Promise<StoredLineageEvent[]>;
  /** Number of the newest event; 0 where there is none. */
  lastEventSeq(): Promise<number>;
  /** The text of an event, or undefined once its body was removed. */
  body(hash: string): Promise<string | undefined>;
  /** Texts of many events by their hashes; those whose body was removed are missing. */
  bodies(hashes: readonly string[]): Promise<Map<string, string>>;
  /** Removes bodies stored before a time; events stay. @returns how many */
  purgeBodies(storedBefore: string): Promise<number>;
  putRuns(runs: readonly LineageRun[]): Promise<void>;
  findRuns(runId: string): Promise<LineageRun[]>;
  /** Runs by job and id, in no particular order; unknown ones are missing. */
  runs(keys: readonly { jobNode: number; runId: string }[]): Promise<LineageRun[]>;
}
