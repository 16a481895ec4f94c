/** Follows the log of commands and tells every transition to the live events, whichever process wrote it. */
import type { RecordedCommand } from "../model/step.ts";
import type { Clock } from "../util/clock.ts";
import type { RunEvent } from "./live-event.ts";
import type { RunLog } from "./server-runs.ts";

/** What {@link followRuns} takes. */
export interface FollowOptions {
  log: RunLog;
  clock: Clock;
  /** Pause between two looks, milliseconds: how late a transition of another process is told at most. */
  intervalMs: number;
  onEvent: (event: RunEvent) => void;
  /** The log could not be read; the next look tries again. */
  onError: (error: unknown) => void;
}

/** What follows. */
export interface RunFollower {
  /** Looks now: something was written. */
  look(): void;
  stop(): Promise<void>;
}

const BATCH = 500;
/** Told by the step they lead to, or of no interest to who watches. */
const SILENT = new Set(["HEARTBEAT"]);

function eventOf(command: RecordedCommand): RunEvent {
  const { seq, type, actor, recordedAt, projectCode, processLoad, processingDate, executionId } = command;
  const { workflowId, taskId, attempt } = command;
  const answer = command.answer as { attempt?: number; status?: string; phase?: string } | null;
  return {
    seq,
    type,
    at: recordedAt,
    actor,
    projectCode,
    processLoad,
    processingDate,
    executionId,
    workflowId,
    taskId,
    attempt: attempt ?? answer?.attempt ?? null,
    status: answer?.status ?? null,
    phase: answer?.phase ?? null,
  };
}

/** Follows from now on; what lies before is not told. */
export function followRuns(options: FollowOptions): RunFollower {
  const { log, clock, intervalMs } = options;
  const stopping = new AbortController();
  let wake = new AbortController();
  let seen: number | undefined;
  let asked = false;

  async function readOn(): Promise<void> {
    seen ??= await log.lastSeq();
    for (;;) {
      const commands = await log.eventsAfter(seen, BATCH);
      for (const command of commands) {
        seen = command.seq;
        if (command.verdict === "accepted" && !SILENT.has(command.type)) options.onEvent(eventOf(command));
      }
      if (commands.length < BATCH || stopping.signal.aborted) return;
    }
  }

  async function pause(): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, wake.signal]);
    try {
      await clock.sleep(intervalMs, signal);
    } catch (reason) {
      if (!signal.aborted) throw reason;
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      asked = false;
      wake = new AbortController();
      try {
        await readOn();
      } catch (error) {
        options.onError(error);
      }
      if (!asked) await pause();
    }
  }
  const running = loop();

  return {
    look() {
      asked = true;
      wake.abort();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
