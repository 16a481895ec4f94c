/** Hooks on the live line and on the clock. */
import { useSyncExternalStore } from "react";
import { type Live, liveStore } from "./live.ts";

/** State of the live line. */
export function useLive(): Live {
  return useSyncExternalStore(liveStore.subscribe, liveStore.get);
}

let now = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, new every second; one timer for the whole page. */
export function useSecond(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

let held = new Date();

/** The same object for a whole minute, so that nothing is drawn for it in between. */
function minute(): Date {
  const at = Math.floor(Date.now() / 60_000) * 60_000;
  if (held.getTime() !== at) held = new Date(at);
  return held;
}

/** The time, new every minute: for lists, so that 10,000 rows are not drawn every second. */
export function useMinute(): Date {
  return useSyncExternalStore(subscribe, minute);
}
