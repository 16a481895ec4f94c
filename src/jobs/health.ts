/** The judged health of a job by its last runs and its schedule. */
import type { Run } from "../model/run.ts";
import type { JobVerdict, RunMark } from "../model/view.ts";
import { formatDuration } from "../util/duration.ts";
import { when } from "../util/when.ts";
import { type StartSettings, startsOf } from "./schedule.ts";

/** A scheduled start that did not happen within this time is late. Milliseconds. */
const GRACE_MS = 5 * 60_000;
/** A run is stuck when it takes this many times its usual duration, and at least {@link STUCK_MS} longer. */
const STUCK_FACTOR = 3;
const STUCK_MS = 10 * 60_000;

const LIVE = new Set<Run["state"]>(["queued", "pending", "running"]);

/** What {@link healthOf} judges. Runs are newest last. */
export interface HealthInput {
  deployed: boolean;
  settings: StartSettings;
  runs: readonly RunMark[];
  /** UTC text of the last change of the job, where it is known: no start was due by this schedule before. */
  since?: string | undefined;
  /** Milliseconds since 1970 UTC. */
  now: number;
  timezone: string;
}

/** Median duration of the runs that succeeded, in milliseconds, or undefined where none did. */
export function usualDuration(runs: readonly RunMark[]): number | undefined {
  const done = runs.filter((run) => run.state === "done").map((run) => run.durationMs);
  done.sort((a, b) => a - b);
  return done[Math.floor(done.length / 2)];
}

/** The verdict with its short text (`Failed 04:18`, `Late, expected 02:30`, `Done Mon 05:20`). */
export function healthOf({ deployed, settings, runs, since, now, timezone }: HealthInput): JobVerdict {
  if (!deployed) return { state: "not_deployed", text: "Not deployed" };
  const last = runs.at(-1);
  const at = (iso: string | null) => (iso === null ? "" : ` ${when(iso, now, timezone)}`);
  if (last && LIVE.has(last.state)) {
    const taken = last.startedAt === null ? 0 : now - Date.parse(last.startedAt);
    const usual = usualDuration(runs);
    if (usual !== undefined && taken > usual * STUCK_FACTOR && taken > usual + STUCK_MS) {
      return { state: "stuck", text: `Stuck, ${formatDuration(taken)} instead of ${formatDuration(usual)}` };
    }
    return { state: "running", text: last.state === "running" ? `Running, ${formatDuration(taken)}` : "Queued" };
  }
  const from = [last?.startedAt, since]
    .flatMap((iso) => iso ?? [])
    .sort()
    .at(-1);
  if (from !== undefined) {
    const due = startsOf(settings, from, 1)[0];
    if (due !== undefined && Date.parse(due) + GRACE_MS < now)
      return { state: "late", text: `Late, expected ${when(due, now, timezone)}` };
  }
  if (!last) return { state: "unknown", text: "Never ran" };
  if (last.state === "done") return { state: "ok", text: `Done${at(last.endedAt)}` };
  if (last.state === "failed") return { state: "failed", text: `Failed${at(last.endedAt)}` };
  if (last.state === "cancelled") return { state: "failed", text: `Cancelled${at(last.endedAt)}` };
  return { state: "unknown", text: last.state === "skipped" ? `Skipped${at(last.endedAt)}` : "Unknown state" };
}

/** A run as a square of the fleet list. */
export function markOf(run: Run): RunMark {
  const red = run.tasks.find((task) => task.state === "failed");
  const why =
    run.state === "failed" || run.state === "cancelled" ? (red?.message ?? run.message ?? run.code ?? null) : null;
  return {
    runId: run.runId,
    state: run.state,
    startedAt: run.startedAt ?? null,
    endedAt: run.endedAt ?? null,
    durationMs: run.durationMs,
    url: run.url ?? null,
    message: why === null ? null : red && why === red.message ? `${red.taskKey}: ${why}` : why,
  };
}
