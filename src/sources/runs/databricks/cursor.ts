/** How far the runs of a workspace have been read: a time, and the runs that were not over then. Pure. */
import { HeadgateError } from "../../../errors.ts";
import { isObject } from "../../../util/json.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The platform forgets runs after this (Databricks: "Jobs API … keeps 60 days of runs"). */
export const KEPT_MS = 60 * DAY;
/** Read again in every pass: what started but was not listed yet, or was moved to another page while we paged. */
export const OVERLAP_MS = 2 * HOUR;
/** A repaired run is seen while it is active; one that was repaired between two passes, in this window … */
export const REPAIR_WINDOW_MS = 7 * DAY;
/** … which is read again so often. */
export const REPAIR_EVERY_MS = 6 * HOUR;
/** A window is listed to its end before the cursor moves: a day of runs is repeated at most. */
export const SLICE_MS = DAY;

/** Times are milliseconds since 1970 UTC, by the workspace's clock. */
export interface DatabricksCursor {
  /** Every run that started before this has been yielded at least once. */
  through: number;
  /** Ids of runs that were not over when they were yielded last, sorted. */
  open: string[];
  /** When the window of repairs was last read whole. */
  repairsAt: number;
}

/** @throws HeadgateError `input_invalid` for a text that is no cursor of ours */
export function parseCursor(text: string): DatabricksCursor {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { version, through, open, repairsAt } = isObject(value) ? value : {};
  const ids = Array.isArray(open) ? open.filter((id): id is string => typeof id === "string") : [];
  if (version === 1 && typeof through === "number" && typeof repairsAt === "number") {
    return { through, open: ids, repairsAt };
  }
  throw new HeadgateError("input_invalid", "the cursor of the databricks runs cannot be read", {
    hint: "It was written by another version, or edited: read again from the start with --since.",
    permanent: true,
  });
}

/** The text of a cursor; equal cursors have equal texts. */
export function formatCursor({ through, open, repairsAt }: DatabricksCursor): string {
  return JSON.stringify({ version: 1, through, repairsAt, open: [...new Set(open)].sort() });
}

/** A window of start times; without an end it is open. */
export interface Slice {
  from: number;
  to: number | undefined;
}

/**
 * The windows that a pass lists, oldest first, and whether they cover the window of repairs.
 * @param now the workspace's time
 */
export function slicesOf(cursor: DatabricksCursor, now: number): { slices: Slice[]; repairs: boolean } {
  const repairs = now - cursor.repairsAt >= REPAIR_EVERY_MS;
  const wanted = Math.min(cursor.through - OVERLAP_MS, repairs ? now - REPAIR_WINDOW_MS : Number.POSITIVE_INFINITY);
  const slices: Slice[] = [];
  let from = Math.max(wanted, now - KEPT_MS);
  for (; from + SLICE_MS < now; from += SLICE_MS) slices.push({ from, to: from + SLICE_MS });
  slices.push({ from, to: undefined });
  return { slices, repairs };
}
