/** Who touched which table, as read from storage access logs: edges, coverage, and what could not be attributed. */

/** What was done to a table. `maintenance` is OPTIMIZE or VACUUM: it moves no data between tables. */
export type Access = "read" | "write" | "maintenance" | "metadata" | "denied";

/**
 * How the job was found: `exclusive` one run owned the cluster; `window` the only one whose time fits; `ambiguous`
 * several jobs fit; `inferred` by the cluster's name or creation time, because no run in the dumps names the cluster.
 */
export type Attribution = "exclusive" | "window" | "ambiguous" | "inferred";

/** One of several that may have done it. The shares of one edge sum up to 1. */
export interface Candidate {
  jobId: string;
  jobName: string | null;
  taskKey: string | null;
  share: number;
}

/** What an edge rests on. Counts are those of log lines; storage logs may hold a line twice. */
export interface AccessEvidence {
  requests: number;
  /** Distinct data files. */
  files: number;
  /** Bytes of the answers (reads) or of the requests (writes). */
  bytes: number;
  /** Commits of a Delta log. */
  commits: number;
}

/** One job (task) and one table, or one path of no table. */
export interface AccessEdge {
  workspaceId: string | null;
  /** Null where several jobs fit. */
  jobId: string | null;
  jobName: string | null;
  /** Null where several tasks fit. */
  taskKey: string | null;
  /** Null for a path of no table, and where several tables fit. */
  table: string | null;
  /** Other names of the same location. */
  aliases?: string[];
  /** Tables that share the files that were touched, where nothing tells which of them was meant. */
  tableCandidates?: string[];
  dataset: { namespace: string; name: string };
  access: Access;
  relation: "reads" | "writes" | "maintains" | "looks at" | "was denied";
  attribution: Attribution;
  /** That there is such an edge at all, 0 to 1. */
  confidence: number;
  /** Jobs or tasks that fit, where it is not one. */
  candidates: Candidate[];
  /** The same task writes this table: its own MERGE or UPDATE reads it. */
  self?: true;
  /** Maintenance that may as well be an UPDATE or DELETE: their requests look the same. */
  unproven?: true;
  evidence: AccessEvidence;
  /** Runs that showed it; of several that fit at once only one counts. */
  runs: number;
  /** UTC text. */
  firstSeen: string;
  lastSeen: string;
}

/** Why an access belongs to no job. */
export type UnattributedReason =
  | "no cluster id" // another client, or an older driver
  | "unknown cluster" // no run, no cluster in the dumps
  | "no run at that time"; // a cluster of ours, while no job ran on it: a notebook

/** Accesses of one kind by one unknown. */
export interface Unattributed {
  reason: UnattributedReason;
  clusterId: string | null;
  /** First words of the user agent, where there is no cluster id. */
  client: string | null;
  table: string | null;
  dataset: { namespace: string; name: string };
  access: Access;
  requests: number;
  firstSeen: string;
  lastSeen: string;
}

/** Requests of one account, category and hour, by what became of them. */
export interface CoverageRow {
  account: string;
  /** `StorageRead`, `StorageWrite`, `StorageDelete`. */
  category: string;
  /** `2026-09-14T01`, UTC. */
  hour: string;
  requests: number;
  /** Given to one job. */
  attributed: number;
  /** Several jobs fit. */
  ambiguous: number;
  unattributed: number;
}

/** What the logs can tell and what not. */
export interface AccessCoverage {
  requests: number;
  /** Lines that are no complete record (a torn last line). */
  unreadableLines: number;
  /** UTC text of the first and last record, null without any. */
  firstSeen: string | null;
  lastSeen: string | null;
  attributed: number;
  ambiguous: number;
  unattributed: Record<UnattributedReason, number>;
  /** Attributed, of the requests that carry a cluster id; 0 to 1, null without any. */
  attributedShare: number | null;
  rows: CoverageRow[];
  /** Tables no log can show, and why. */
  blind: { table: string; reason: string }[];
  /** Tables whose account is logged and that nothing touched. */
  unused: string[];
  /** Locations that belong to more than one table: their accesses cannot always be told apart. */
  shared: { dataset: { namespace: string; name: string }; tables: string[] }[];
  /** Operations this version does not know, with counts. */
  unknownOperations: { operation: string; requests: number }[];
}
