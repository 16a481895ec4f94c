/** Former definitions of a job as a list of what changed, newest first. Pure. */
import type { JobSettings } from "../model/job.ts";
import type { FieldChange } from "../model/plan.ts";
import type { HistoryEntry } from "../model/state.ts";
import type { HistoryItem } from "../model/view.ts";
import { diffJob } from "./diff.ts";
import { type Base, comparable } from "./fingerprint.ts";
import { flatten } from "./leaves.ts";

/** Entries (newest first) with the fields in which each differs from the one before it. */
export function historyItems(entries: readonly HistoryEntry[]): HistoryItem[] {
  return entries.map((entry, index) => {
    const before = entries.slice(index + 1).find((older) => older.settings !== null);
    const fields =
      entry.settings && before?.settings && entry.action !== "delete"
        ? changesBetween(before.settings as JobSettings, entry.settings as JobSettings)
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

/** Fields that were changed from one definition to the next; all of them by us. */
export function changesBetween(before: JobSettings, after: JobSettings): FieldChange[] {
  const past = flatten(before).leaves;
  const base: Base = {
    applied: (path) => {
      const leaf = past.get(path);
      return leaf && comparable(leaf);
    },
    settled: () => undefined,
    digest: comparable,
    wasSecret: () => false,
  };
  return diffJob({ desired: after, actual: before, base });
}
