/** What events said that were taken in a moment ago, so that folding them soon after need not read them again. */
import type { EventFacts } from "./read-event.ts";

/** Facts by the id of the event. */
export interface RecentFacts {
  /** @param size characters of the event's text: what is kept is bounded by their sum */
  put(id: string, facts: EventFacts, size: number): void;
  /** Gives the facts away: an event is folded once. */
  take(id: string): EventFacts | undefined;
}

/** Characters of the texts of all events whose facts are kept: the facts have a fraction of that. */
const MOST = 16 << 20;

/** Keeps the newest. Any of them may be forgotten at any time: the store has the events. */
export function createRecentFacts(most = MOST): RecentFacts {
  const kept = new Map<string, { facts: EventFacts; size: number }>();
  let total = 0;
  const forget = (id: string): void => {
    total -= kept.get(id)?.size ?? 0;
    kept.delete(id);
  };
  return {
    put(id, facts, size) {
      forget(id);
      if (size > most) return;
      kept.set(id, { facts, size });
      total += size;
      for (const oldest of kept.keys()) {
        if (total <= most) break;
        forget(oldest);
      }
    },
    take(id) {
      const found = kept.get(id)?.facts;
      if (found) forget(id);
      return found;
    },
  };
}
