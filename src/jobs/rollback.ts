/** A job as it was: which kept definition is meant, and a declaration made of it. Pure. */
import { HeadgateError } from "../errors.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { HistoryEntry } from "../model/state.ts";
import { flatten } from "./leaves.ts";
import { HIDDEN } from "./present.ts";

/**
 * The definition to go back to.
 * @param entries newest first
 * @param to serial of the definition; without it the one before the newest, or of a deleted job the last one
 * @throws HeadgateError `not_found` where there is none
 */
export function definitionBefore(
  resource: string,
  entries: readonly HistoryEntry[],
  to: number | undefined,
): HistoryEntry {
  const kept = entries.filter((entry) => entry.settings !== null);
  const serials = kept.map((entry) => `#${entry.serial}`).join(", ");
  if (to !== undefined) {
    const found = kept.find((entry) => entry.serial === to);
    if (found) return found;
    throw new HeadgateError("not_found", `${resource} has no definition #${to}`, {
      hint: kept.length === 0 ? "none was kept" : `it has ${serials}`,
      permanent: true,
    });
  }
  const [newest, before] = kept;
  const found = entries[0]?.action === "delete" ? newest : before;
  if (found) return found;
  throw new HeadgateError("not_found", `${resource} has no former definition`, {
    hint: "headgate jobs history shows what was applied",
    permanent: true,
  });
}

/**
 * The declared jobs with one as it was.
 * @throws HeadgateError `input_invalid` where a secret of it was not kept
 */
export function withDefinition(jobs: readonly DeclaredJob[], entry: HistoryEntry, markerTag: string): DeclaredJob[] {
  const { resource, serial } = entry;
  const { [markerTag]: _marker, ...tags } = (entry.settings as JobSettings).tags ?? {};
  const settings: JobSettings = { ...(entry.settings as JobSettings), tags };
  if (Object.keys(tags).length === 0) delete settings.tags;
  for (const [path, leaf] of flatten(settings).leaves) {
    if (leaf.value !== HIDDEN) continue;
    throw new HeadgateError(
      "input_invalid",
      `definition #${serial} of ${resource} holds a secret at ${path}, which is never kept`,
      {
        hint: "declare the job again instead",
        permanent: true,
      },
    );
  }
  const declared = jobs.find((job) => job.resource === resource);
  const place = { file: `history of ${resource}`, line: serial, column: 1 };
  const restored: DeclaredJob = {
    ...(declared ?? { resource, source: "history", previous: [], protect: false, place }),
    settings,
    permissions: undefined,
    placeOf: () => place,
  };
  return [...jobs.filter((job) => job.resource !== resource), restored];
}
