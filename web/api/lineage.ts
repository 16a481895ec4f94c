/** What the Lineage route asks the API, each question once. */
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type {
  LineageCoverageView,
  LineageDatasetsView,
  LineageDiffView,
  LineageEvidenceView,
  LineageGraphView,
  LineageJobsView,
  LineageOverviewView,
  LineageSearchView,
} from "../../src/model/view-lineage.ts";
import type { JobsAnswer } from "../../src/server/api.ts";
import { get } from "./request.ts";

/** What is shown around a node. */
export interface GraphWish {
  node: string;
  up: number;
  down: number;
  /** A day; null = the last one known. */
  at: string | null;
  /** Refs of nodes whose bundles are unfolded. */
  open: readonly string[];
}

/** Lineage moves once an ingest: what was asked a minute ago still holds. */
const STALE_MS = 60_000;
const PAGE = 200;
/** Edges of a difference that are asked for at most. */
const DIFFERENCES = 2_000;

function pathOf(route: string, values: Record<string, string | number | null>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) if (value !== null && value !== "") query.set(key, String(value));
  const text = query.toString();
  return `/lineage/${route}${text === "" ? "" : `?${text}`}`;
}

/** The graph around a node; a former one of the same node stays until the new one is there. */
export function useLineageGraph(wish: GraphWish) {
  const { node, up, down, at, open } = wish;
  return useQuery({
    queryKey: ["lineage", "graph", wish],
    queryFn: ({ signal }) =>
      get<LineageGraphView>(
        pathOf("graph", { node, up, down, at, open: open.map(encodeURIComponent).join(",") }),
        signal,
      ),
    placeholderData: (held, query) => ((query?.queryKey[2] as GraphWish | undefined)?.node === node ? held : undefined),
    staleTime: STALE_MS,
  });
}

/** Why an edge is there; `from` and `to` are refs. */
export function useEvidence(from: string, to: string, at: string | null) {
  return useQuery({
    queryKey: ["lineage", "evidence", from, to, at],
    queryFn: ({ signal }) => get<LineageEvidenceView>(pathOf("evidence", { from, to, at }), signal),
    staleTime: STALE_MS,
  });
}

/** What is in the graph of one day and not in that of another. */
export function useLineageDiff(from: string | null, to: string | null) {
  return useQuery({
    queryKey: ["lineage", "diff", from, to],
    queryFn: ({ signal }) => get<LineageDiffView>(pathOf("diff", { from, to, limit: DIFFERENCES }), signal),
    enabled: from !== null && to !== null,
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });
}

/** What the sources saw up to the last day that is known. */
export function useCoverage() {
  return useQuery({
    queryKey: ["lineage", "coverage"],
    queryFn: ({ signal }) => get<LineageCoverageView>("/lineage/coverage", signal),
    staleTime: STALE_MS,
  });
}

/** Nodes that fit a text, best first. */
export function useLineageSearch(q: string, enabled: boolean, kind: "dataset" | null = null) {
  return useQuery({
    queryKey: ["lineage", "search", q, kind],
    queryFn: ({ signal }) => get<LineageSearchView>(pathOf("nodes", { q, kind, limit: 20 }), signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });
}

/** Tables and paths, a page at a time. */
export function useDatasets(q: string) {
  return useInfiniteQuery({
    queryKey: ["lineage", "datasets", q],
    queryFn: ({ pageParam, signal }) =>
      get<LineageDatasetsView>(pathOf("datasets", { q, limit: PAGE, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });
}

/** The few tables to begin with. */
export function useFirstDatasets(sort: "readers" | "written", limit: number) {
  return useQuery({
    queryKey: ["lineage", "first", sort, limit],
    queryFn: ({ signal }) => get<LineageDatasetsView>(pathOf("datasets", { sort, limit }), signal),
    staleTime: STALE_MS,
  });
}

/** Jobs and people that read or write, a page at a time. */
export function useLineageJobs(q: string) {
  return useInfiniteQuery({
    queryKey: ["lineage", "jobs", q],
    queryFn: ({ pageParam, signal }) =>
      get<LineageJobsView>(pathOf("jobs", { q, limit: PAGE, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });
}

/** The whole graph in parallel arrays. */
export function useOverview(at: string | null) {
  return useQuery({
    queryKey: ["lineage", "overview", at],
    queryFn: ({ signal }) => get<LineageOverviewView>(pathOf("overview", { at }), signal),
    staleTime: STALE_MS,
  });
}

/** Rows of the managed jobs among these ids, by job id. */
export function useJobsById(ids: readonly string[]) {
  const asked = [...ids].sort();
  return useQuery({
    queryKey: ["fleet", "ids", asked],
    queryFn: ({ signal }) =>
      get<JobsAnswer>(`/jobs?${new URLSearchParams({ jobId: asked.join(","), limit: "500" })}`, signal),
    select: (answer) => new Map(answer.items.map((row) => [row.jobId ?? "", row])),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
}
