/** Reads the runs of a workspace: what is active, what was active last time, and windows of start times. */
import { HeadgateError } from "../../../errors.ts";
import type { Run } from "../../../model/run.ts";
import type { JobsWorkspace } from "../../../workspace/workspace.ts";
import { isOver, type RunBatch, type RunReadOptions } from "../../run-source.ts";
import { type DatabricksCursor, formatCursor, KEPT_MS, parseCursor, slicesOf } from "./cursor.ts";

/** Runs of a batch: with a hundred tasks each still a few megabytes. */
const BATCH = 50;

/** What is read with. */
export type RunsOfWorkspace = Pick<JobsWorkspace, "listRuns" | "getRun" | "clockSkew">;

/**
 * The order of `runs/list` is not promised, and runs start and end while it is paged, so the cursor relies on times and
 * ids alone. Active runs are listed first, whatever their start: from then on they are remembered by id until they are
 * over. Then every window is listed to its end before the cursor passes it.
 */
export async function* readRuns(
  workspace: RunsOfWorkspace,
  text: string | undefined,
  { now, since, signal }: RunReadOptions,
): AsyncGenerator<RunBatch> {
  const before = text === undefined ? undefined : parseCursor(text);
  const open = new Set(before?.open);
  const seen = new Set<string>();
  let held: Run[] = [];
  const noted = (run: Run): Run => {
    if (isOver(run)) open.delete(run.runId);
    else open.add(run.runId);
    return run;
  };

  // The first answer tells the workspace's time, which start times are compared with.
  let known: { cursor: DatabricksCursor; time: number } | undefined;
  const mark = () => {
    const time = now + workspace.clockSkew();
    const begin = Math.max(since ?? 0, time - KEPT_MS);
    known ??= { time, cursor: before ?? { through: begin, open: [], repairsAt: time } };
    return known;
  };
  const batch = (): RunBatch => {
    const runs = held;
    held = [];
    return { runs, cursor: formatCursor({ ...mark().cursor, open: [...open] }), readAt: mark().time };
  };

  for await (const run of workspace.listRuns({ activeOnly: true, expandTasks: true })) {
    signal?.throwIfAborted();
    seen.add(run.runId);
    held.push(noted(run));
    if (held.length >= BATCH) yield batch();
  }
  for (const runId of before?.open ?? []) {
    if (seen.has(runId)) continue;
    signal?.throwIfAborted();
    seen.add(runId);
    const run = await runUnlessHidden(workspace, runId);
    // Deleted, forgotten after 60 days, or no longer ours to see: there is nothing to wait for.
    if (run === undefined) open.delete(runId);
    else held.push(noted(run));
    if (held.length >= BATCH) yield batch();
  }
  if (held.length > 0) yield batch();

  const { cursor, time } = mark();
  const { slices, repairs } = slicesOf(cursor, time);
  for (const { from, to } of slices) {
    for await (const run of workspace.listRuns({ startedFrom: from, startedTo: to, expandTasks: true })) {
      signal?.throwIfAborted();
      if (seen.has(run.runId)) continue;
      held.push(noted(run));
      if (held.length >= BATCH) yield batch();
    }
    cursor.through = Math.max(cursor.through, to ?? time);
    if (to === undefined && repairs) cursor.repairsAt = time;
    yield batch();
  }
}

async function runUnlessHidden(workspace: RunsOfWorkspace, runId: string): Promise<Run | undefined> {
  try {
    return await workspace.getRun(runId);
  } catch (error) {
    if (error instanceof HeadgateError && error.code === "forbidden") return undefined;
    throw error;
  }
}
