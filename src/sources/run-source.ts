/**
 * Door of run sources: what a platform says ran, in batches, with a mark of how far it was read.
 *
 * A source may yield a run any number of times, in any order and at any stage: runs are facts, and whoever keeps them
 * merges them. It never leaves one out: a run that was yielded while it was under way is yielded again when it is over.
 *
 * @example
 * for await (const { runs, cursor } of source.read(mark, { now: clock.now() })) {
 *   await keep(runs)
 *   mark = cursor // only now: a reader that dies before begins again at the old mark
 * }
 */
import type { Run } from "../model/run.ts";

/** Some runs, and where reading goes on once the store has them and all before them. */
export interface RunBatch {
  /** With tasks and all their attempts; at most some dozens. */
  runs: Run[];
  /** Opaque to everybody but the source. */
  cursor: string;
  /** The platform's time when they were read, milliseconds since 1970 UTC. */
  readAt: number;
}

/** How a source is read. */
export interface RunReadOptions {
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** Where there is no cursor: how far back to begin, milliseconds since 1970 UTC. Default: as far as the platform keeps runs. */
  since?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** A platform whose runs are read. */
export interface RunSource {
  /** Unique in a project; part of the cursor's name. */
  readonly name: string;
  readonly kind: string;
  /** `SourceType` of its lines in ETLsysLogs. */
  readonly sourceType: "DBX" | "ADF";
  /**
   * Everything since a cursor, the last batch included; ends when the source is read up to now. A batch may have no
   * runs: then only the cursor moves.
   * @throws HeadgateError what the platform's client throws; `input_invalid` for a cursor it cannot read
   */
  read(cursor: string | undefined, options: RunReadOptions): AsyncIterable<RunBatch>;
}

/** Nothing more is to be expected of a run in this state, unless somebody repairs it. */
export function isOver(run: Pick<Run, "state">): boolean {
  return run.state === "done" || run.state === "failed" || run.state === "cancelled" || run.state === "skipped";
}
