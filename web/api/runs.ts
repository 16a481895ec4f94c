/** What the Runs route asks the API, and what it can do there. */
import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import type { WatermarkAnswer } from "../../src/model/run-answer.ts";
import type {
  RollbackView,
  RunsGridTasksView,
  RunsGridView,
  RunTimelineView,
  WatermarksView,
} from "../../src/model/view-runs.ts";
import { get, post } from "./request.ts";
import { useOnce } from "./use-once.ts";

/** Which processes and days. */
export interface GridWish {
  from: string;
  to: string;
  /** True where the last day was chosen: then it is judged, else each process is on its own today. */
  fixed: boolean;
  q: string;
  verdict: string[];
}

/** A process, as URLs and queries name it. */
export interface ProcessName {
  projectCode: string;
  processLoad: string;
}

const PAGE = 50;

/** How all processes stand: for the frame, which is on every view, so it is asked for seldom. */
export function useRunsCounts() {
  return useQuery({
    queryKey: ["runs-counts"],
    queryFn: async ({ signal }) => (await get<RunsGridView>("/runs/grid?limit=1", signal)).verdicts,
    refetchInterval: 60_000,
  });
}

const gridQuery = (wish: GridWish) =>
  infiniteQueryOptions({
    queryKey: ["runs", "grid", wish],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ from: wish.from, limit: String(PAGE) });
      if (wish.fixed) query.set("to", wish.to);
      if (wish.q !== "") query.set("q", wish.q);
      if (wish.verdict.length > 0) query.set("verdict", wish.verdict.join(","));
      if (pageParam !== null) query.set("cursor", pageParam);
      return get<RunsGridView>(`/runs/grid?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Pages of processes by date. */
export function useRunsGrid(wish: GridWish) {
  return useInfiniteQuery(gridQuery(wish));
}

/** The tasks of the processes that are unfolded, in their order. */
export function useGridTasks(processes: ProcessName[], from: string, to: string) {
  return useQueries({
    queries: processes.map(({ projectCode, processLoad }) => ({
      queryKey: ["runs", "tasks", projectCode, processLoad, from, to],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<RunsGridTasksView>(
          `/runs/grid/${encodeURIComponent(projectCode)}/${encodeURIComponent(processLoad)}?from=${from}&to=${to}`,
          signal,
        ),
    })),
    combine: (answers) => answers.map(({ data }) => data?.tasks),
  });
}

const of = ({ projectCode, processLoad }: ProcessName) => ({ projectCode, processLoad });

/** One run: told live, and asked for now and then, since its forecast moves with the time. */
export function useTimeline(run: ProcessName & { processingDate: string; executionId: string | null }) {
  const { projectCode, processLoad, processingDate, executionId } = run;
  return useQuery({
    queryKey: ["runs", "timeline", projectCode, processLoad, processingDate, executionId],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ ...of(run), processingDate });
      if (executionId !== null) query.set("executionId", executionId);
      return get<RunTimelineView>(`/runs/timeline?${query}`, signal);
    },
    refetchInterval: (query) => (query.state.data && query.state.data.endedAt === null ? 30_000 : false),
    placeholderData: keepPreviousData,
  });
}

export function useWatermarks(process: ProcessName) {
  return useQuery({
    queryKey: ["runs", "watermarks", process.projectCode, process.processLoad],
    queryFn: ({ signal }) => get<WatermarksView>(`/runs/watermarks?${new URLSearchParams(of(process))}`, signal),
  });
}

/** What a rollback to before a change would do. */
export function useRollbackPreview(process: ProcessName, parameterName: string, beforeSeq: number | null) {
  return useQuery({
    queryKey: ["runs", "rollback", process.projectCode, process.processLoad, parameterName, beforeSeq],
    queryFn: ({ signal }) =>
      get<RollbackView>(
        `/runs/watermarks/rollback?${new URLSearchParams({ ...of(process), parameterName, beforeSeq: String(beforeSeq) })}`,
        signal,
      ),
    enabled: beforeSeq !== null,
  });
}

/** A line of a run's log. */
export interface LogLine {
  runId: string | null;
  activityName: string | null;
  /** 0 DEBUG, 1 INFO, 2 WARN, 3 ERROR. */
  level: number;
  logTime: string;
  message: string;
}

const MOST_LINES = 2_000;

/** The log of a run: what platforms and the monitor told of it. */
export function useRunLog(run: ProcessName & { processingDate: string; executionId: string | null }) {
  const { processingDate, executionId } = run;
  return useQuery({
    queryKey: ["runs", "log", run.projectCode, run.processLoad, processingDate, executionId],
    queryFn: ({ signal }) =>
      get<{ items: LogLine[] }>(
        `/runs/logs?${new URLSearchParams({ ...of(run), processingDate, executionId: executionId ?? "", limit: String(MOST_LINES) })}`,
        signal,
      ),
    enabled: executionId !== null,
  });
}

/** A task of a run that something is done to. */
export interface TaskOfRun extends ProcessName {
  processingDate: string;
  executionId: string;
  workflowId: number;
  taskId: number;
}

/** Resets, repeats or skips a task, with a reason. */
export function useActOnTask(task: TaskOfRun) {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ act, reason }: { act: "reset" | "replay" | "skip" | "unskip"; reason: string }) =>
      act === "reset" || act === "replay"
        ? post<unknown>("/runs/reset", { ...task, reason, ...(act === "replay" ? { replay: true } : {}) })
        : post<unknown>(`/runs/${act}`, { ...task, reason }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}

/** Sets a watermark back to before a change. */
export function useRollback(process: ProcessName, parameterName: string) {
  const client = useQueryClient();
  return useOnce({
    mutationFn: ({ beforeSeq, reason }: { beforeSeq: number; reason: string }) =>
      post<WatermarkAnswer>("/runs/watermark/rollback", { ...of(process), parameterName, beforeSeq, reason }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
}
