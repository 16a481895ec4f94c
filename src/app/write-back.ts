/** Drift as a patch: the declared files, changed so that they say what was found in the workspace. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Change, Plan } from "../model/plan.ts";
import { adoptValues, type FoundValue } from "../sources/jobs/yaml/adopt-values.ts";
import { unifiedDiff } from "../util/unified-diff.ts";
import type { RemoteFolders } from "../workspace/workspace.ts";

/** A patch, and what is not in it. */
export interface DriftPatch {
  /** A unified diff relative to the project's folder; "" where there is nothing to take over. */
  patch: string;
  /** Fields that the patch takes over. */
  adopted: { resource: string; path: string }[];
  /** Fields that a person has to write themselves. */
  left: { resource: string; path: string; why: string }[];
}

/**
 * @param changes rows with only the fields that moved
 * @param readText text of a declared file, as plans name it; undefined where it cannot be read
 */
export async function driftPatch(
  changes: readonly Change[],
  readText: (file: string) => Promise<string | undefined>,
): Promise<DriftPatch> {
  const made: DriftPatch = { patch: "", adopted: [], left: [] };
  const byFile = new Map<string, FoundValue[]>();
  for (const { resource, fields } of changes) {
    for (const { path, place, actual, after } of fields) {
      if (place === undefined) {
        made.left.push({ resource, path, why: "where it is declared is not known" });
        continue;
      }
      const value: FoundValue = { resource, path, ...place, declared: after, found: actual };
      byFile.set(place.file, [...(byFile.get(place.file) ?? []), value]);
    }
  }
  for (const [file, values] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = /\.ya?ml$/i.test(file) ? await readText(file) : undefined;
    if (text === undefined) {
      made.left.push(
        ...values.map(({ resource, path }) => ({ resource, path, why: `${file} is no YAML file to edit` })),
      );
      continue;
    }
    const { edits, left } = adoptValues(text, values);
    made.left.push(...left.map(({ value: { resource, path }, why }) => ({ resource, path, why })));
    const lacking = new Set(left.map(({ value }) => value));
    made.adopted.push(
      ...values.flatMap((value) => (lacking.has(value) ? [] : [{ resource: value.resource, path: value.path }])),
    );
    made.patch += unifiedDiff(file.replace(/^\/+/, ""), text, edits);
  }
  return made;
}

/** Rows of a plan with only the fields that moved and are not put back. */
export function movedFields(plan: Plan, { heal }: { heal: boolean }): Change[] {
  return plan.changes.flatMap((change) => {
    const fields = change.fields.filter((field) => field.kind === "drift" && (field.kept === true || !heal));
    return fields.length === 0 || change.action === "recreate" ? [] : [{ ...change, fields }];
  });
}

/** Reads declared files as plans name them: relative to the project, or in a workspace. */
export function fileReader({ dir, folders }: { dir: string; folders: RemoteFolders }) {
  return async (file: string): Promise<string | undefined> => {
    try {
      return await readFile(resolve(dir, file), "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
      return /^\/(?:Volumes|Workspace)\//.test(file) ? folders.read(file) : undefined;
    }
  };
}
