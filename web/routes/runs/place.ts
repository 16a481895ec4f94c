/** Where things of the Runs route are: addresses of runs, and what is selected in the grid. */
import type { ProcessName } from "../../api/runs.ts";

/** `FINANCE/GL_DAILY` as one word of an address: parts are encoded, so that names may hold anything. */
export const keyOf = ({ projectCode, processLoad }: ProcessName): string =>
  `${encodeURIComponent(projectCode)}/${encodeURIComponent(processLoad)}`;

/** The page of a run. */
export function runPath(process: ProcessName, day: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `/runs/${keyOf(process)}/${day}${search === "" ? "" : `?${search}`}`;
}

/** Where the grid was left: going up a level leads back to it. */
let left = "/runs";
export const leaveGrid = (search: string): void => {
  left = search === "" ? "/runs" : `/runs?${search}`;
};
export const backToGrid = (): string => left;
