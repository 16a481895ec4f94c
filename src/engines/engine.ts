/** Door of the engines: what scans access logs that are too large for JavaScript. */

/** Where logs lie and which of their lines count. */
export interface LogScan {
  /** Files of JSON lines, plain or (name ends in `.gz`, `.zst`) compressed. Absolute paths. */
  files: readonly string[];
  /** From this time on, UTC text; none: from the first line. */
  from?: string | undefined;
  /** Up to but not with this time. */
  to?: string | undefined;
  /**
   * Cluster ids, as they stand in the log, whose requests are wanted by the second: those that several task runs
   * shared. All others come by the hour.
   */
  bySecond: readonly string[];
  /** Addresses of cluster nodes: requests from there that name no cluster are wanted by the second too. */
  nodes?: readonly string[] | undefined;
}

/**
 * Requests that agree in all that matters for lineage, counted. The engine groups, it does not judge: what an operation
 * means and which table a path belongs to are rules in `src/lineage/attribute/`.
 */
export interface AccessAggregate {
  /** What stands before the first `--` of the client request id; null where there is none. */
  cluster: string | null;
  /** First 48 characters of the user agent, only where `cluster` is null. */
  client: string | null;
  /** The sender's private IPv4 address, only where `cluster` is null and nodes are asked for. */
  address?: string | null;
  category: string;
  operation: string;
  /** As logged: `200`, `404`, `Unknown`. */
  status: string;
  /**
   * URI without its query, percent-encoded as logged. Of listings the query's `directory=` or `prefix=` stays, because
   * there the path stands in it. Paths of many files in one folder come as one of them: names that begin alike (`_`,
   * `.`, neither) are one group, the names of commits (`N.json` of 20 digits) and `_last_vacuum_info` are their own.
   */
  uri: string;
  requests: number;
  bytesRead: number;
  bytesWritten: number;
  /** 32-bit hashes of the distinct paths; only of operations that carry data. */
  files: readonly number[];
  /** UTC text as logged (100 ns). */
  first: string;
  last: string;
}

/** What a scan met besides its groups. */
export interface ScanTotals {
  lines: number;
  /** No complete JSON record: a torn last line. Blank lines are no lines. */
  unreadable: number;
}

/** What is known of a log whose groups are kept. */
export interface KeptLog extends ScanTotals {
  /** UTC days of its lines, in their order. */
  days: string[];
  /** Cluster ids as they stand in the log. */
  clusters: string[];
  /** Private addresses from which requests without a cluster id came. */
  addresses: string[];
}

/** Which of the kept groups are wanted. */
export interface KeptWish {
  /** Files that {@link Engine.keep} wrote. Absolute paths. */
  files: readonly string[];
  /** UTC day. */
  day: string;
  /** Only requests of these clusters, as they stand in the log; absent: all. */
  clusters?: readonly string[] | undefined;
}

/**
 * Answers the one question about logs.
 *
 * Contract: every readable line with an operation and a URI is in exactly one group; the order of groups is not
 * defined and nothing may depend on it; sums are exact up to 2^53; a torn line is counted, a blank one passed over; neither is an error.
 */
export interface Engine {
  /**
   * Streams the groups in batches; returns the totals when all are out.
   * @throws HeadgateError `input_invalid` for a file that cannot be read as JSON lines at all
   */
  aggregate(scan: LogScan): AsyncGenerator<AccessAggregate[], ScanTotals>;
  /**
   * Scans one log and keeps its groups in a file, so that the log need not be scanned again.
   * @param into absolute; written whole or not at all
   * @throws HeadgateError `input_invalid` as above
   */
  keep(scan: LogScan, into: string): Promise<KeptLog>;
  /**
   * The same for many small logs at once: a scan of its own costs each more than its lines do.
   * @param into a file for each log, in their order
   * @returns undefined for those that are to be kept one by one, among them logs without lines
   * @throws HeadgateError `input_invalid` where any of them cannot be read: which, scans one by one tell
   */
  keepEach(scan: LogScan, into: readonly string[]): Promise<(KeptLog | undefined)[]>;
  /** Streams kept groups in batches. No group reaches over midnight (UTC). */
  kept(wish: KeptWish): AsyncGenerator<AccessAggregate[]>;
  close(): void;
}
