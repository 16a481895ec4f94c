/**
 * Door of evidence sources: what tells who moved which data. A source lists **units** (a log blob, a file of events,
 * a day of a system table) and hands out their content as it found it; what the content means is decided in
 * `src/lineage/`, where `ingest` also decides which units must be read at all.
 *
 * @example
 * const { units } = await source.list({ from: "2026-11-20", to: undefined, cursor: undefined })
 * if (source.evidence === "edges") for await (const seen of source.read(units[0])) …
 */
import type { Relation } from "../store/lineage.ts";

/** Something that can be read by itself, and read again when it has changed. */
export interface EvidenceUnit {
  /** The same for the same thing for ever: a path relative to the project, `system.access.table_lineage/2026-11-21`. */
  key: string;
  /** Changes when the content does: etag, length and time, or a summary of the rows. */
  digest: string;
  /** UTC days its content is of, where the source knows them without reading it. */
  days?: readonly string[] | undefined;
  /** Bytes to read, for progress; absent where unknown. */
  bytes?: number | undefined;
}

/** Which part of a source is wanted. */
export interface EvidenceWindow {
  /** UTC text; from this time on. A unit that may hold something of the window is listed. */
  from: string | undefined;
  /** Up to but not with this time. */
  to: string | undefined;
  /** What {@link EvidenceListing.cursor} was when the store last had everything. */
  cursor: string | undefined;
}

/** What there is to read now. */
export interface EvidenceListing {
  /** Each key once. A unit that was there before and is gone (retention) is simply not listed: what it told stays. */
  units: EvidenceUnit[];
  /** Kept once all units are in the store, and handed in at the next listing; absent: the source needs none. */
  cursor?: string | undefined;
  /** What was found and is not read, with the reason. */
  skipped: { what: string; why: string }[];
}

/** A node as a source names it; `src/lineage/names.ts` gives it its one name in the graph. */
export type SeenNode =
  | {
      kind: "job";
      /** null: the workspace of the project's target. */
      workspaceId: string | null;
      /** Job id in digits, or what lasts where there is none: `submit:NAME`, `notebook:ID`, `query:ID`. */
      jobId: string;
      /** For people. */
      title?: string | null | undefined;
    }
  | { kind: "task"; workspaceId: string | null; jobId: string; taskKey: string }
  /** Full name, `catalog.schema.table`; two parts are of `hive_metastore`. */
  | { kind: "table"; name: string }
  /** A place in storage, as written: `abfss://…`, `wasbs://…`, `s3://…`, `dbfs:/…`. */
  | { kind: "location"; uri: string }
  | { kind: "principal"; name: string };

/** An edge of the graph as it was seen on one day. */
export interface SeenEdge {
  /** UTC, `2026-11-21`. */
  day: string;
  /** The job or task. */
  from: SeenNode;
  /** What it reads or writes. */
  to: SeenNode;
  relation: Relation;
  /** `exclusive` where the source itself names the job; else as in the access logs. */
  attribution: "exclusive" | "window" | "ambiguous" | "inferred" | "none";
  /** Events or rows that say so. */
  requests: number;
  runs: number;
  /** UTC texts. */
  firstAt: string;
  lastAt: string;
  /** 0 to 1: that the edge exists. */
  confidence: number;
}

/** A column that was made from another, as seen on one day. */
export interface SeenColumn {
  day: string;
  from: SeenNode;
  to: SeenNode;
  fromColumn: string;
  toColumn: string;
  /** `IDENTITY`, `TRANSFORMATION`, `AGGREGATION`, … */
  kind: string;
}

/** One thing that was seen. */
export type Seen = { edge: SeenEdge } | { column: SeenColumn };

interface CommonSource {
  readonly name: string;
  readonly kind: string;
  /** Version of how the source maps what it reads; another one makes ingest read everything again. */
  readonly ruleset: string;
  /** @throws HeadgateError; `permanent: false` where repeating may help */
  list(window: EvidenceWindow, signal?: AbortSignal): Promise<EvidenceListing>;
}

/** Files of access logs, too large for JavaScript: an engine scans them. */
export interface AccessLogSource extends CommonSource {
  readonly evidence: "access logs";
  /**
   * A file on this machine with the unit's content as JSON lines, plain or `.gz` or `.zst`.
   * @param room a folder for files that are needed for this only; the caller empties it
   */
  fileOf(unit: EvidenceUnit, room: string, signal?: AbortSignal): Promise<string>;
}

/** OpenLineage events as text, in whatever log they lie. */
export interface EventSource extends CommonSource {
  readonly evidence: "events";
  /** The lines of a unit, without their ends. */
  lines(unit: EvidenceUnit, signal?: AbortSignal): AsyncIterable<string>;
}

/** Edges that the source knows by itself. */
export interface EdgeSource extends CommonSource {
  readonly evidence: "edges";
  /** Streamed in batches; memory of a reader stays bounded by a day. */
  read(unit: EvidenceUnit, signal?: AbortSignal): AsyncIterable<Seen[]>;
}

/** A source of evidence. */
export type EvidenceSource = AccessLogSource | EventSource | EdgeSource;
