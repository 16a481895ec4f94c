/** What the page asks the API, each question once: keys, caching and paging. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { JobView, StatusView } from "../../src/model/view.ts";
import type {
  AdoptPreview,
  ApplyAnswer,
  ApplyBody,
  CalendarAnswer,
  HistoryAnswer,
  JobsAnswer,
  PlanView,
  RecentChangesAnswer,
  SessionView,
  TableAnswer,
} from "../../src/server/api.ts";
import { ApiError, get, post } from "./request.ts";
import { useOnce } from "./use-once.ts";

/** Filters of the fleet, as they stand in the URL. */
export interface FleetFilter {
  /** `need_you`: what waits for somebody; `differ`: what is not as declared. */
  list: "all" | "need_you" | "differ";
  q: string;
  verdict: string[];
  difference: string[];
  tag: string[];
  source: string[];
}

const PAGE = 500;

/** Client of all queries: an answer of the server is an answer, only silence is asked again. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failures, error) =>
          !(error instanceof ApiError && error.status > 0 && error.status < 500) && failures < 2,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
        refetchOnWindowFocus: true,
      },
    },
  });
}

function fleetPath(filter: FleetFilter, limit: number, cursor: string | null): string {
  const query = new URLSearchParams();
  if (filter.list !== "all") query.set("list", filter.list);
  if (filter.q !== "") query.set("q", filter.q);
  for (const key of ["verdict", "difference", "tag", "source"] as const)
    if (filter[key].length > 0) query.set(key, filter[key].join(","));
  query.set("limit", String(limit));
  if (cursor !== null) query.set("cursor", cursor);
  return `/jobs?${query}`;
}

/** The frame's facts: project, workspace, whether applying is allowed. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  queryFn: ({ signal }) => get<StatusView>("/status", signal),
  refetchInterval: 30_000,
});

export function useStatus() {
  return useQuery(statusQuery);
}

/** Pages of the fleet under a filter. */
export const fleetQuery = (filter: FleetFilter) =>
  infiniteQueryOptions({
    queryKey: ["fleet", filter],
    queryFn: ({ pageParam, signal }) => get<JobsAnswer>(fleetPath(filter, PAGE, pageParam), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export function useFleet(filter: FleetFilter) {
  return useInfiniteQuery(fleetQuery(filter));
}

/** Counts of the whole fleet: a page of one row. */
export function useFleetCounts() {
  return useQuery({
    queryKey: ["fleet", "counts"],
    queryFn: ({ signal }) =>
      get<JobsAnswer>(
        fleetPath({ list: "all", q: "", verdict: [], difference: [], tag: [], source: [] }, 1, null),
        signal,
      ),
  });
}

/** Who the server takes us for, and what it lets us do. */
export function useSession() {
  return useQuery({ queryKey: ["session"], queryFn: ({ signal }) => get<SessionView>("/session", signal) });
}

/** Signs in with a token: the server sets a cookie. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => post<SessionView>("/session", { token }),
    onSuccess: (session) => client.setQueryData(["session"], session),
  });
}

/** Jobs that fit a text, for the command bar to choose the best of. */
export function useFind(q: string, enabled: boolean) {
  return useQuery({
    queryKey: ["find", q],
    queryFn: ({ signal }) =>
      get<JobsAnswer>(
        fleetPath({ list: "all", q, verdict: [], difference: [], tag: [], source: [] }, 50, null),
        signal,
      ),
    enabled,
    placeholderData: keepPreviousData,
  });
}

export function useJob(resource: string, enabled = true) {
  return useQuery({
    queryKey: ["job", resource],
    queryFn: ({ signal }) => get<JobView>(`/jobs/${encodeURIComponent(resource)}`, signal),
    enabled,
  });
}

export function useHistory(resource: string) {
  return useQuery({
    queryKey: ["history", resource],
    queryFn: ({ signal }) => get<HistoryAnswer>(`/jobs/${encodeURIComponent(resource)}/history`, signal),
  });
}

/** A plan never changes once it is made. */
export function usePlan(id: string) {
  return useQuery({
    queryKey: ["plan", id],
    queryFn: ({ signal }) => get<PlanView>(`/plans/${encodeURIComponent(id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** An apply: told live, and asked for while it runs, in case the live line is cut. */
export function useApplyView(id: string | null) {
  return useQuery({
    queryKey: ["apply", id],
    queryFn: ({ signal }) => get<ApplyAnswer>(`/applies/${encodeURIComponent(id ?? "")}`, signal),
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data?.state === "running" || query.state.error ? 2_000 : false),
  });
}

/** The newest changes of all jobs. */
export function useRecentChanges(limit: number) {
  return useQuery({
    queryKey: ["history", "all", limit],
    queryFn: ({ signal }) => get<RecentChangesAnswer>(`/history?limit=${limit}`, signal),
    placeholderData: keepPreviousData,
  });
}

/** What of the calendar is asked for; `limit` 0 asks for the counts of days and hours alone. */
export interface CalendarWish {
  from: string | null;
  days: number;
  q: string;
  hour?: number | null;
  limit: number;
}

function calendarPath({ from, days, q, hour, limit }: CalendarWish, after: number): string {
  const query = new URLSearchParams({ days: String(days), limit: String(limit) });
  if (from !== null) query.set("from", from);
  if (q !== "") query.set("q", q);
  if (hour != null) query.set("hour", String(hour));
  if (after > 0) query.set("after", String(after));
  return `/calendar?${query}`;
}

/** Pages of the calendar: jobs that start in the days asked for, first start first. */
export function useCalendar(wish: CalendarWish) {
  return useInfiniteQuery({
    queryKey: ["calendar", wish],
    queryFn: ({ pageParam, signal }) => get<CalendarAnswer>(calendarPath(wish, pageParam), signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** Sources that are control tables: they change with the config alone. */
export function useTables() {
  return useQuery({
    queryKey: ["tables"],
    queryFn: ({ signal }) => get<{ items: { source: string }[] }>("/tables", signal),
    staleTime: 600_000,
  });
}

/** Pages of the rows of a control table. */
export function useTable(wish: { source: string; faulty: boolean; q: string }) {
  return useInfiniteQuery({
    queryKey: ["table", wish],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ faulty: String(wish.faulty), after: String(pageParam) });
      if (wish.q !== "") query.set("q", wish.q);
      return get<TableAnswer>(`/tables/${encodeURIComponent(wish.source)}?${query}`, signal);
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The YAML that adopting a job would write. */
export function useAdoptPreview(jobId: string) {
  return useQuery({
    queryKey: ["adopt-preview", jobId],
    queryFn: ({ signal }) => get<AdoptPreview>(`/jobs/${encodeURIComponent(jobId)}/adopt-preview`, signal),
  });
}

/** What a plan is made of: everything, some resources, or one job as it was. */
export type PlanWish = { select?: string[] } | { rollback: string; to?: number };

/** Makes a plan. */
export function useMakePlan() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wish: PlanWish) =>
      "rollback" in wish
        ? post<PlanView>(
            `/jobs/${encodeURIComponent(wish.rollback)}/rollback`,
            wish.to === undefined ? {} : { to: wish.to },
          )
        : post<PlanView>("/plans", wish),
    onSuccess: (plan) => client.setQueryData(["plan", plan.id], plan),
  });
}

/** Starts carrying a plan out. */
export function useStartApply(planId: string) {
  const client = useQueryClient();
  return useOnce({
    mutationFn: (body: ApplyBody) => post<ApplyAnswer>(`/plans/${encodeURIComponent(planId)}/apply`, body),
    onSuccess: (apply) => client.setQueryData(["apply", apply.id], apply),
  });
}
