/** What happened at one place by one actor: counted by what the requests mean, before it is judged. */
import type { AccessAggregate } from "../../engines/engine.ts";
import type { FileKind } from "./file-kind.ts";
import { type Effect, outcomeOf } from "./operations.ts";

/** Counts of requests by meaning. All but `denied` and `failed` have happened. */
export interface Tally {
  requests: number;
  /** Rows were read from data files. */
  reads: number;
  /** Bytes were written into data files in place. */
  puts: number;
  /** Something was renamed into place. */
  moves: number;
  /** Bytes were written into a writer's staging. */
  staged: number;
  /** Commits of the Delta log. */
  commits: number;
  /** Data files or folders were deleted. */
  deletes: number;
  /** VACUUM left its mark. */
  vacuums: number;
  /** Table metadata was read. */
  logReads: number;
  /** The table's own folder was asked for or listed. */
  probes: number;
  denied: number;
  bytesRead: number;
  bytesWritten: number;
  readFiles: Set<number>;
  writtenFiles: Set<number>;
  /** Text as logged. */
  first: string;
  last: string;
}

export function emptyTally(): Tally {
  return {
    requests: 0,
    reads: 0,
    puts: 0,
    moves: 0,
    staged: 0,
    commits: 0,
    deletes: 0,
    vacuums: 0,
    logReads: 0,
    probes: 0,
    denied: 0,
    bytesRead: 0,
    bytesWritten: 0,
    readFiles: new Set(),
    writtenFiles: new Set(),
    first: "",
    last: "",
  };
}

const COMMIT = /\/_delta_log\/\d{20}\.json$/;

function countData(tally: Tally, group: AccessAggregate, effect: Effect): void {
  const { requests } = group;
  if (effect === "read") {
    tally.reads += requests;
    tally.bytesRead += group.bytesRead;
    for (const file of group.files) tally.readFiles.add(file);
  } else if (effect === "put" || effect === "move") {
    tally[effect === "put" ? "puts" : "moves"] += requests;
    tally.bytesWritten += group.bytesWritten;
    for (const file of group.files) tally.writtenFiles.add(file);
  } else if (effect === "delete") tally.deletes += requests;
}

function countLog(tally: Tally, group: AccessAggregate, effect: Effect): void {
  const { requests, uri } = group;
  if (effect === "read") tally.logReads += requests;
  // an engine that writes the commit in place needs several puts for it; the flush is the last of them
  // and the older driver (wasb) renames by a copy, which is logged as three operations
  const ends = ["FlushFile", "PutBlob", "PutBlockList", "CopyBlob"];
  if ((effect === "move" || ends.includes(group.operation)) && COMMIT.test(uri)) tally.commits += requests;
  if (effect === "put" && uri.endsWith("/_last_vacuum_info")) tally.vacuums += requests;
}

/**
 * Adds a group of requests to a tally. Only the bytes of table data make a read or a write: a log is read by every
 * writer and planner, so a read of the log alone is `metadata` at most; what a Spark writer appends lies in its staging
 * and comes into place by a rename.
 * @param kind of the path, below the table it belongs to
 */
export function count(tally: Tally, group: AccessAggregate, effect: Effect, kind: FileKind): void {
  tally.requests += group.requests;
  if (tally.first === "" || group.first < tally.first) tally.first = group.first;
  if (group.last > tally.last) tally.last = group.last;
  const outcome = outcomeOf(group.status);
  if (outcome === "denied") tally.denied += group.requests;
  if (outcome !== "done") return;
  if (kind === "data") countData(tally, group, effect);
  else if (kind === "log") countLog(tally, group, effect);
  else if (kind === "staging" && effect === "put") {
    tally.staged += group.requests;
    tally.bytesWritten += group.bytesWritten;
  } else if (kind === "directory") {
    if (effect === "move") tally.moves += group.requests;
    else if (effect === "delete") tally.deletes += group.requests;
    else if (effect === "list" || effect === "status") tally.probes += group.requests;
  }
}

/** Adds what another tally holds. */
export function addTally(to: Tally, from: Tally): void {
  for (const key of COUNTS) to[key] += from[key];
  for (const file of from.readFiles) to.readFiles.add(file);
  for (const file of from.writtenFiles) to.writtenFiles.add(file);
  if (to.first === "" || (from.first !== "" && from.first < to.first)) to.first = from.first;
  if (from.last > to.last) to.last = from.last;
}

const COUNTS = [
  "requests",
  "reads",
  "puts",
  "moves",
  "staged",
  "commits",
  "deletes",
  "vacuums",
  "logReads",
  "probes",
  "denied",
  "bytesRead",
  "bytesWritten",
] as const;

/** True where the bytes of rows were read or written: what places a table in a data flow. */
export const hasWritten = (tally: Tally): boolean => tally.puts + tally.moves + tally.staged + tally.commits > 0;
