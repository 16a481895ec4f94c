/** What one pass of `lineage ingest` did, source by source. */

/** Why a day of a source was computed: something new, something changed, or what it is computed by. */
export type IngestReason =
  | "new" // no unit of it was known
  | "changed" // a unit of it came, grew or changed
  | "rules" // another version of headgate computes it otherwise
  | "inputs" // runs or tables it is attributed by are other ones now
  | "beside"; // a run of a neighbouring day goes on into it

/** One day that was computed. */
export interface IngestedDay {
  /** UTC, `2026-11-21`. */
  day: string;
  why: IngestReason;
  /** Edges seen on it. */
  edges: number;
  /** False: computed, and found to be as it was. */
  changed: boolean;
}

/** What became of one source. */
export interface IngestedSource {
  source: string;
  kind: string;
  /** Things to read: log files, event files, days of a system table. */
  units: {
    /** That the source lists. */
    listed: number;
    /** Unchanged since they were read. */
    known: number;
    read: number;
    /** Bytes read, as far as sources say. */
    bytes: number;
  };
  /** In their order. */
  days: IngestedDay[];
  /** Days that should have been computed and were left as they are. */
  held: { day: string; why: string }[];
  /** Found and not read. */
  skipped: { what: string; why: string }[];
  /** Why it ended early; null when it did not. */
  failed: { code: string; message: string; hint: string | null; retryable: boolean } | null;
  milliseconds: number;
}

/** One pass over all sources asked for. */
export interface IngestReport {
  sources: IngestedSource[];
  /** True when every source had nothing new. */
  quiet: boolean;
}
