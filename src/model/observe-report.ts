/** What one pass of `runs observe` did, source by source. */

/** What reconciling did. */
export interface ReconcileCounts {
  /** Commands that were given as the actor `collector`, so that steps say what the platform says. */
  commands: number;
  /** Of those, refused: the state of the step does not allow them. */
  refused: number;
  /** The platform and the task say different things: in words, for people to settle. */
  contradictions: string[];
}

/** What became of one source. */
export interface ObserveReport extends ReconcileCounts {
  source: string;
  kind: string;
  /** Runs that were read, each counted once. */
  runs: number;
  /** Of those, not over yet. */
  open: number;
  /** Attempts of steps that the runs tell of. */
  steps: number;
  /** Of those, facts that were not known before. */
  fresh: number;
  /** Processes that were found: `retail/Nightly sales`. */
  discovered: string[];
  /** Start of the oldest and of the newest run that was read, UTC texts; null without runs. */
  from: string | null;
  to: string | null;
  /** Name of the cursor, where it stands now, and when it moved last (UTC text). */
  cursor: { name: string; value: string | null; movedAt: string | null };
}
