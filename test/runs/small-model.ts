/**
 * A small model of runs, written from the table in docs/explain/runs-state-machine.md and nothing else: what each
 * command of the log should have been answered, and what the rows should be at the end. It shares no code with src/runs.
 */

/** What the model needs of a command in the log. */
export interface Told {
  type: string;
  executionId: string | null;
  taskId: number | null;
  attempt: number | null;
  sourceRunId: string | null;
  /** Milliseconds. */
  saidAt: number;
  recordedAt: number;
  spooled: boolean;
  /** Of RESET: which tasks, and whether those that are done too. */
  tasks?: number[];
  replay?: boolean;
  /** Of AMEND. */
  status?: string;
}

interface Attempt {
  state: "queued" | "running" | "done" | "failed" | "lost" | "cancelled" | "skipped";
  by: string | null;
  start: number | null;
  end: number | null;
  guessed: boolean;
  recovered: boolean;
}

interface Run {
  tasks: Map<number, Attempt[]>;
  /** Status and phase of the row that stands for the run. */
  whole: string;
}

const DAY = 24 * 3_600_000;
const fresh = (): Attempt => ({ state: "queued", by: null, start: null, end: null, guessed: false, recovered: false });
const ENDED = ["done", "failed", "lost", "cancelled"];
const REFUSED: Record<string, string> = {
  done: "already_done",
  failed: "already_failed",
  lost: "already_failed",
  cancelled: "already_failed",
  skipped: "skipped",
  running: "already_running",
};

/** One process: tasks 1 and 2 are mandatory, 3 is not; 2 and 3 share a watermark. */
export class SmallModel {
  readonly runs = new Map<string, Run>();
  watermark: number | null = null;

  /** What a command is answered: `accepted`, `replayed`, or the code of a refusal. */
  take(told: Told): string {
    if (told.type === "GENERATE") return this.generate(told.executionId ?? "");
    const run = this.runs.get(told.executionId ?? "");
    if (!run) return "unknown_task";
    if (told.type === "RESET") return this.reset(run, told);
    if (told.type === "CANCEL") return this.cancel(run, told);
    const attempts = run.tasks.get(told.taskId ?? 0) ?? [];
    const own = told.sourceRunId === null ? undefined : attempts.findLast((one) => one.by === told.sourceRunId);
    const last = attempts[attempts.length - 1];
    const named = told.attempt === null ? undefined : attempts[told.attempt];
    if (!last) return "unknown_task";
    switch (told.type) {
      case "START":
        return this.start(run, last, told);
      case "END":
      case "FAIL":
        return this.end(run, told, attempts, named ?? own ?? last);
      case "LOST":
        return this.lose(run, told, named ?? last);
      case "SKIP":
        if (last.state === "skipped") return "replayed";
        if (last.state !== "queued") return REFUSED[last.state] ?? "";
        last.state = "skipped";
        this.settle(run, []);
        return "accepted";
      case "UNSKIP":
        if (last.state !== "skipped") return "replayed";
        last.state = "queued";
        this.settle(run, []);
        return "accepted";
      case "AMEND": {
        const meant = named ?? own ?? last;
        if (!ENDED.includes(meant.state)) return "not_ended";
        const done = told.status === "DONE";
        if (done === (meant.state === "done")) return "replayed";
        meant.state = done ? "done" : "failed";
        this.settle(run, done ? [] : [told.taskId ?? 0]);
        return "accepted";
      }
      default:
        return "?";
    }
  }

  private generate(executionId: string): string {
    if (this.runs.has(executionId)) return "replayed";
    this.runs.set(executionId, { tasks: new Map([1, 2, 3].map((id) => [id, [fresh()]])), whole: "NQUE QUEUED" });
    return "accepted";
  }

  private start(run: Run, last: Attempt, told: Told): string {
    const same = told.sourceRunId !== null && told.sourceRunId === last.by;
    if (last.state === "running") {
      return same || (told.sourceRunId === null && last.by === null) ? "replayed" : "already_running";
    }
    if (ENDED.includes(last.state)) return same ? "replayed" : (REFUSED[last.state] ?? "");
    if (last.state === "skipped") return "skipped";
    Object.assign(last, { state: "running", by: told.sourceRunId, start: told.saidAt });
    if (!run.whole.endsWith("RUNNING")) run.whole = run.whole.startsWith("NQUE") ? "NQUE RUNNING" : "RQUE RUNNING";
    return "accepted";
  }

  private end(run: Run, told: Told, attempts: Attempt[], meant: Attempt): string {
    const done = told.type === "END";
    if (meant.state === "skipped") return "skipped";
    if (ENDED.includes(meant.state)) {
      const heard = meant.state === "lost" && (told.spooled || told.recordedAt - (meant.end ?? 0) <= DAY);
      if (!heard) {
        if (done === (meant.state === "done")) return "replayed";
        return REFUSED[meant.state] ?? "";
      }
      meant.recovered = true;
    }
    meant.guessed = meant.state === "queued";
    meant.start ??= told.saidAt;
    meant.by ??= told.sourceRunId;
    meant.end = Math.max(meant.start, told.saidAt);
    meant.state = done ? "done" : "failed";
    const at = attempts.indexOf(meant);
    if (done) for (const later of attempts.slice(at + 1)) if (later.state === "queued") later.state = "skipped";
    this.settle(run, done ? [] : [told.taskId ?? 0]);
    if (done && told.taskId !== 1 && !meant.guessed) this.advance(run);
    return "accepted";
  }

  private lose(run: Run, told: Told, meant: Attempt): string {
    if (meant.state !== "running") return "replayed";
    meant.state = "lost";
    meant.end = told.recordedAt;
    this.settle(run, [told.taskId ?? 0]);
    return "accepted";
  }

  private reset(run: Run, told: Told): string {
    const lasts = (told.tasks ?? []).map((id) => [id, (run.tasks.get(id) ?? []).at(-1)] as const);
    const again = lasts.filter(
      ([, one]) =>
        one && (["failed", "lost", "cancelled"].includes(one.state) || (told.replay && one.state === "done")),
    );
    const skipped = lasts.filter(([, one]) => one?.state === "skipped");
    if (again.length + skipped.length === 0) {
      const only = lasts.length === 1 ? lasts[0]?.[1] : undefined;
      if (only?.state === "running") return "already_running";
      if (only?.state === "done") return "already_done";
      return "replayed";
    }
    for (const [id] of again) run.tasks.get(id)?.push(fresh());
    for (const [, one] of skipped) if (one) one.state = "queued";
    run.whole = "RQUE QUEUED";
    return "accepted";
  }

  private cancel(run: Run, told: Told): string {
    const open = [...run.tasks.values()]
      .map((attempts) => attempts[attempts.length - 1])
      .filter((one) => one?.state === "queued" || one?.state === "running");
    if (open.length === 0) return "replayed";
    for (const one of open) if (one) Object.assign(one, { state: "cancelled", end: told.recordedAt });
    run.whole = "FAIL ENDED";
    return "accepted";
  }

  /** The row that stands for the run, after tasks changed; `failed` names those that failed just now. */
  private settle(run: Run, failed: number[]): void {
    const lasts = [...run.tasks].map(([id, attempts]) => [id, attempts[attempts.length - 1]?.state ?? ""] as const);
    const complete = lasts.every(
      ([id, state]) => state === "done" || state === "skipped" || (id === 3 && ENDED.includes(state)),
    );
    if (complete) run.whole = "DONE ENDED";
    else if (failed.some((id) => id !== 3)) run.whole = "NQUE QUEUED";
    else if (run.whole === "DONE ENDED") run.whole = "RQUE QUEUED";
  }

  /** The watermark of tasks 2 and 3, after one of them was done. */
  private advance(run: Run): void {
    const sharing = [2, 3]
      .map((id) => (run.tasks.get(id) ?? []).at(-1))
      .filter((one) => one !== undefined && one.state !== "skipped");
    if (sharing.some((one) => one?.state !== "done" || one.guessed)) return;
    const earliest = Math.min(...sharing.map((one) => one?.start ?? Number.POSITIVE_INFINITY));
    if (Number.isFinite(earliest) && (this.watermark === null || earliest > this.watermark)) this.watermark = earliest;
  }

  /** The rows, as text: one a task and attempt. */
  rows(): string[] {
    const time = (at: number | null) => (at === null ? "-" : new Date(at).toISOString());
    return [...this.runs]
      .flatMap(([executionId, { tasks, whole }]) => [
        `${executionId} 0#0 ${whole}`,
        ...[...tasks].flatMap(([id, attempts]) =>
          attempts.map(
            (one, n) =>
              `${executionId} ${id}#${n} ${one.state} by ${one.by ?? "-"} from ${time(one.start)}${one.guessed ? " guessed" : ""}${one.recovered ? " recovered" : ""}`,
          ),
        ),
      ])
      .sort();
  }
}
