/**
 * Runs as the last batch of commands left them, so that the next one need not read them again. Nothing changes the
 * steps of a run that is not closed but a command of the log, and a rebuild, which takes a number of the log too: while
 * the log's last number is the one that the last batch ended with, they are what they were.
 */
import type { LedgerRun } from "./ledger.ts";

/** Runs of one process, kept between batches. */
export interface RunCache {
  /** The runs, if they are those of this position of the log. The log's lock must be held. */
  take(position: number): ReadonlyMap<string, LedgerRun>;
  /** Keeps runs after the batch is committed. @param position last number of the log, as the batch left it */
  keep(position: number, runs: ReadonlyMap<string, LedgerRun>): void;
}

/** Steps of all runs that are kept; a step has about a KB. */
const MOST_STEPS = 10_000;

/** Nothing is kept yet. */
export function createRunCache(): RunCache {
  let kept = new Map<string, LedgerRun>();
  let at = -1;
  return {
    take(position) {
      if (position !== at) kept = new Map();
      // A batch changes the runs that it is given: only when it is committed they are those of the store again.
      at = -1;
      return kept;
    },
    keep(position, runs) {
      for (const [key, run] of runs) {
        kept.delete(key);
        // A closed run takes no more commands; a part of a run is none that others could be decided upon.
        if (run.isWhole && run.closedAt === null && run.id !== undefined) kept.set(key, run);
        run.changed.clear();
      }
      let steps = 0;
      for (const run of kept.values()) steps += run.steps.length;
      for (const [key, run] of kept) {
        if (steps <= MOST_STEPS) break;
        kept.delete(key);
        steps -= run.steps.length;
      }
      at = position;
    },
  };
}
