/** Picks one page out of the fleet: filters, counts and the cursor to the next page. Pure. */
import { HeadgateError } from "../errors.ts";
import { differs, fleetCounts, needsYou } from "../model/attention.ts";
import type { FleetView, JobRow } from "../model/view.ts";
import type { JobsAnswer, JobsQuery } from "./api.ts";

function fits(row: JobRow, query: JobsQuery): boolean {
  const { q, verdict, difference, tag, source, jobId } = query;
  if (query.list === "need_you" && !needsYou(row)) return false;
  if (query.list === "differ" && !differs(row)) return false;
  if (verdict !== undefined && !verdict.includes(row.verdict.state)) return false;
  if (difference !== undefined && !difference.includes(row.difference.kind)) return false;
  if (tag !== undefined && !tag.some((one) => row.tags.includes(one))) return false;
  if (source !== undefined && !source.includes(row.source)) return false;
  if (jobId !== undefined && (row.jobId === null || !jobId.includes(row.jobId))) return false;
  if (q === undefined || q.trim() === "") return true;
  const text = [row.name, row.resource, row.owner ?? "", row.place?.file ?? "", ...row.tags].join("\n").toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function tally(values: Iterable<string>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A cursor holds the last row of its page and where that was: the order changes as runs end. */
function writeCursor(index: number, resource: string): string {
  return Buffer.from(JSON.stringify([index, resource])).toString("base64url");
}

function readCursor(text: string): [index: number, resource: string] {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    value = undefined;
  }
  if (Array.isArray(value) && Number.isSafeInteger(value[0]) && value[0] >= 0 && typeof value[1] === "string") {
    return [value[0], value[1]];
  }
  throw new HeadgateError("input_invalid", "The cursor is not one of ours", {
    hint: "Take `next` of the page before, or leave it out.",
    permanent: true,
  });
}

/**
 * One page of the fleet. `count` counts the jobs that fit on all pages; jobs that nobody declared come with the first
 * page only, at most `limit` of them.
 * @throws HeadgateError `input_invalid` for a foreign cursor
 */
export function filterJobs(fleet: FleetView, query: JobsQuery): JobsAnswer {
  const fitting = fleet.items.filter((row) => fits(row, query));
  let from = 0;
  if (query.cursor !== undefined) {
    const [index, resource] = readCursor(query.cursor);
    const at = fitting.findIndex((row) => row.resource === resource);
    from = at >= 0 ? at + 1 : index;
  }
  const items = fitting.slice(from, from + query.limit);
  const last = items.at(-1);
  const end = from + items.length;
  return {
    ...fleet,
    count: fitting.length,
    items,
    next: last !== undefined && end < fitting.length ? writeCursor(end, last.resource) : null,
    unmanaged: {
      count: fleet.unmanaged.count,
      items: query.cursor === undefined ? fleet.unmanaged.items.slice(0, query.limit) : [],
    },
    counts: fleetCounts(fleet.items),
    facets: {
      verdict: tally(fleet.items.map((row) => row.verdict.state)),
      difference: tally(fleet.items.map((row) => row.difference.kind)),
      tag: tally(fleet.items.flatMap((row) => row.tags)),
      source: tally(fleet.items.map((row) => row.source)),
    },
  };
}
