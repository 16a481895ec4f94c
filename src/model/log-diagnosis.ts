/** What `lineage doctor` says of one log file. */

/** What a line, or a record in a line, may be. */
export type LogDialect =
  | "azure storage log" // JSON lines as Azure Monitor writes them
  | "azure records" // the same in one {"records": […]} document
  | "log analytics" // rows of table StorageBlobLogs
  | "classic storage log" // Storage Analytics, fields parted by semicolons
  | "s3 access log"
  | "cloudtrail log"
  | "cloudwatch answer" // {"events": [{"message": …}]}
  | "openlineage events" // an event a line
  | "json of another kind"
  | "plain text";

/** One file. */
export interface LogDiagnosis {
  file: string;
  bytes: number;
  lines: number;
  /** Most frequent first. */
  dialects: { dialect: LogDialect; lines: number }[];
  /** What the file holds as a whole, where it is a dump of runs, clusters, tables or mounts: `57 runs`. */
  holds: string | null;
  /** Lines that begin as JSON and are none. */
  bad: { count: number; first: { line: number; why: string }[] };
  /** OpenLineage events anywhere in it. */
  events: { found: number; torn: number; invalid: number; repeated: number; masked: number };
  /** Of access logs. */
  access: {
    requests: number;
    /** UTC texts; null without any. */
    from: string | null;
    to: string | null;
    /** Requests that carry the id of a cluster, 0 to 1. */
    withCluster: number;
    unknownOperations: { operation: string; requests: number }[];
    /** Requests of one run's own, of those that carry a cluster id, 0 to 1; null where no runs are known. */
    attributed: number | null;
    ambiguous: number;
    /** Why there is no rate. */
    note: string | null;
  } | null;
  /** Time a full run will take, by the speed on this file; an estimate. */
  estimate: { bytesPerSecond: number; bytes: number; seconds: number } | null;
}
