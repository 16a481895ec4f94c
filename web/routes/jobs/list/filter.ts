/** Filters of the list as they stand in the URL. */
import type { FleetFilter } from "../../../api/queries.ts";
import { listParam } from "../../../api/use-url.ts";

/** Filter keys that hold several words. */
export const FACETS = ["verdict", "difference", "tag", "source"] as const;
export type Facet = (typeof FACETS)[number];

const LISTS: FleetFilter["list"][] = ["all", "need_you", "differ"];

/** The filter a query stands for; what it does not know is left out. */
export function filterOf(params: URLSearchParams): FleetFilter {
  return {
    list: LISTS.find((list) => list === params.get("list")) ?? "all",
    q: params.get("q") ?? "",
    verdict: listParam(params, "verdict"),
    difference: listParam(params, "difference"),
    tag: listParam(params, "tag"),
    source: listParam(params, "source"),
  };
}

/** True where anything but the list is chosen. */
export function isFiltered(filter: FleetFilter): boolean {
  return filter.q !== "" || FACETS.some((facet) => filter[facet].length > 0);
}

/** Where the list was left: going up a level leads back to it. */
let left = "/jobs";
export const leaveList = (search: string): void => {
  left = search === "" ? "/jobs" : `/jobs?${search}`;
};
export const backToList = (): string => left;
