/** Time that passes only while everybody waits: each sleep ends at its moment, in order, and the workspace's clock goes along. */
import type { FakeDatabricks } from "../../fakes/databricks/index.ts";
import type { Clock } from "../../src/util/clock.ts";

/** See {@link eventClock}. */
export interface EventClock {
  clock: Clock;
  /** Time stands still while one of its requests is under way. */
  fetch: typeof fetch;
  /** The same for other work. */
  working: <T>(work: Promise<T>) => Promise<T>;
  /** Milliseconds that have passed. */
  passed(): number;
  stop(): void;
}

/** The moment at which these clocks begin; the workspace is to be started with it and speed 0. */
export const BEGIN = Date.UTC(2026, 10, 21, 6);

interface Timer {
  at: number;
  end: () => void;
}

/** Starts the clock of a workspace that was opened with `clock: { start: BEGIN, speed: 0 }`. */
export function eventClock(fake: FakeDatabricks): EventClock {
  let now = BEGIN;
  let underWay = 0;
  async function working<T>(work: Promise<T>): Promise<T> {
    underWay++;
    quiet = 0;
    try {
      return await work;
    } finally {
      underWay--;
    }
  }
  let timers: Timer[] = [];
  /** Several quiet looks in a row: whoever can go on has asked for its next request by then. */
  let quiet = 0;
  const look = setInterval(() => {
    quiet = underWay === 0 && timers.length > 0 ? quiet + 1 : 0;
    if (quiet < 3) return;
    quiet = 0;
    const next = timers.reduce((first, timer) => (timer.at < first.at ? timer : first));
    timers = timers.filter((timer) => timer !== next);
    const step = Math.max(0, next.at - now);
    now += step;
    fake.control.clock({ advance: step });
    next.end();
  }, 1);
  return {
    clock: {
      now: () => now,
      sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason);
          const stop = () => {
            timers = timers.filter((timer) => timer !== mine);
            reject(signal?.reason);
          };
          const mine: Timer = {
            at: now + milliseconds,
            end: () => {
              signal?.removeEventListener("abort", stop);
              resolve();
            },
          };
          timers.push(mine);
          signal?.addEventListener("abort", stop, { once: true });
        }),
    },
    working,
    fetch: (input, init) => working(fetchWhole(input, init)),
    passed: () => now - BEGIN,
    stop: () => clearInterval(look),
  };
}

/** An answer with its body, before time may go on. */
async function fetchWhole(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(input, init);
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength === 0 ? null : body, { status: answer.status, headers: answer.headers });
}
