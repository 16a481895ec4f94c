/** Changes of many jobs put together again as the applies they came from. Pure. */
import type { RecentChangesAnswer } from "../../../../src/server/api.ts";

export type RecentChange = RecentChangesAnswer["items"][number];

/** Changes that one person sent from one commit without a long pause. */
export interface Apply {
  actor: string;
  commit: string | null;
  /** When the newest was sent. */
  at: string;
  /** Newest first. */
  changes: RecentChange[];
}

/** A longer pause than this begins another apply. */
const PAUSE_MS = 10 * 60_000;

/** @param items newest first */
export function appliesOf(items: readonly RecentChange[]): Apply[] {
  const applies: Apply[] = [];
  for (const change of items) {
    const last = applies.at(-1);
    const before = last?.changes.at(-1);
    const same = last?.actor === change.actor && last.commit === change.commit;
    if (last && before && same && Date.parse(before.at) - Date.parse(change.at) <= PAUSE_MS) last.changes.push(change);
    else applies.push({ actor: change.actor, commit: change.commit, at: change.at, changes: [change] });
  }
  return applies;
}
