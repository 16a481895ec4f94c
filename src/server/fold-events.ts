/** Brings the graph up to the events that came in, soon after them and never twice at once. */
import type { Clock } from "../util/clock.ts";

/** Folding in the background. */
export interface EventFolding {
  /** Events were kept: the graph is behind. */
  kept(): void;
  /** Ends after the batch that is under way. */
  stop(): Promise<void>;
}

/** Waits before folding, milliseconds, so that many requests make one batch; longer after a failure. */
const PAUSE_MS = 500;
const PAUSE_AFTER_FAILURE_MS = 10_000;

/** Begins with what was left when the last server ended. */
export function startEventFolding(options: {
  fold: (signal: AbortSignal) => Promise<unknown>;
  clock: Clock;
  onError: (error: unknown) => void;
}): EventFolding {
  const { fold, clock, onError } = options;
  const stopping = new AbortController();
  let behind = true;
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (behind && !stopping.signal.aborted) {
      behind = false;
      let pause = PAUSE_MS;
      try {
        await fold(stopping.signal);
      } catch (error) {
        behind = true;
        pause = PAUSE_AFTER_FAILURE_MS;
        onError(error);
      }
      await clock.sleep(pause, stopping.signal).catch((reason: unknown) => {
        if (!stopping.signal.aborted) throw reason;
      });
    }
    running = undefined;
  }

  const begin = (): void => {
    if (running === undefined && !stopping.signal.aborted) running = run();
  };
  begin();
  return {
    kept() {
      behind = true;
      begin();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
