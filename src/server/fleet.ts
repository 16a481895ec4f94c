/** Keeps the fleet in memory: reads the workspace again and again, never twice at a time, and tells what changed. */
import type { FleetView } from "../model/view.ts";
import type { Clock } from "../util/clock.ts";
import { stableJson } from "../util/stable-json.ts";
import type { FleetEvent } from "./live-event.ts";

/** What the fleet is read with and who is told. */
export interface FleetOptions {
  read: (signal: AbortSignal) => Promise<FleetView>;
  clock: Clock;
  /** Pause between two readings, in milliseconds. */
  intervalMs: number;
  onChange: (event: FleetEvent) => void;
  /** After every reading: its error, or undefined. */
  onRead: (result: { error: unknown; durationMs: number }) => void;
}

/** The fleet as last read. */
export interface Fleet {
  /** The last view, or undefined before the first. */
  readonly view: FleetView | undefined;
  /** When the last good reading ended, ms since 1970 UTC. */
  readonly readAt: number | undefined;
  /** Why the last reading failed, or undefined where it did not. */
  readonly error: unknown;
  /** The last view; waits for the first reading. Throws what that threw when there is none yet. */
  current(): Promise<FleetView>;
  /** Reads now; a reading that is under way counts. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

const MOST_NAMED = 100;

/** What differs between two readings, or undefined when nothing a page shows does. */
function fleetChange(before: FleetView | undefined, after: FleetView): FleetEvent | undefined {
  const texts = (view: FleetView | undefined) =>
    new Map((view?.items ?? []).map((row) => [row.resource, stableJson(row)]));
  const old = texts(before);
  const fresh = texts(after);
  const changed = [
    ...[...fresh].filter(([resource, text]) => old.get(resource) !== text).map(([resource]) => resource),
    ...[...old.keys()].filter((resource) => !fresh.has(resource)),
  ];
  const rest = (view: FleetView) => stableJson({ ...view, asOf: "", items: [] });
  if (before !== undefined && changed.length === 0 && rest(before) === rest(after)) return undefined;
  return {
    asOf: after.asOf,
    counts: after.counts,
    changed: changed.slice(0, MOST_NAMED),
    more: changed.length > MOST_NAMED,
  };
}

/** Starts reading at once. */
export function startFleet(options: FleetOptions): Fleet {
  const { clock, intervalMs } = options;
  const stopping = new AbortController();
  let view: FleetView | undefined;
  let readAt: number | undefined;
  let error: unknown;
  let reading: Promise<void> | undefined;

  async function readOnce(): Promise<void> {
    const started = clock.now();
    try {
      const fresh = await options.read(stopping.signal);
      const change = fleetChange(view, fresh);
      view = fresh;
      readAt = clock.now();
      error = undefined;
      if (change !== undefined) options.onChange(change);
    } catch (thrown) {
      if (stopping.signal.aborted) return;
      error = thrown;
    }
    options.onRead({ error, durationMs: clock.now() - started });
  }

  function refresh(): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      await refresh();
      try {
        await clock.sleep(intervalMs, stopping.signal);
      } catch (thrown) {
        if (!stopping.signal.aborted) throw thrown;
      }
    }
  }
  const running = loop();

  return {
    get view() {
      return view;
    },
    get readAt() {
      return readAt;
    },
    get error() {
      return error;
    },
    async current() {
      if (view === undefined) await refresh();
      if (view === undefined) throw error ?? stopping.signal.reason;
      return view;
    },
    refresh,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
