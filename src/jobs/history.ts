/** Former definitions of a job as a list of what changed, newest first. Pure. */

import type { JobSettings } from "../model/job.ts";
import type { HistoryEntry } from "../model/state.ts";
import type { HistoryItem } from "../model/view.ts";
import { diffJob } from "./diff.ts";

/** Entries (newest first) with the fields in which each differs from the one before it. */
export function historyItems(entries: readonly HistoryEntry[]): HistoryItem[] {
  return entries.map((entry, index) => {
    const before = entries.slice(index + 1).find((older) => older.settings !== null);
    const fields =
      entry.settings && before?.settings && entry.action !== "delete"
        ? diffJob({ desired: entry.settings as JobSettings, actual: before.settings as JobSettings })
        : [];
    return {
      serial: entry.serial,
      at: entry.at,
      actor: entry.actor,
      commit: entry.commit,
      action: entry.action,
      fields,
    };
  });
}
