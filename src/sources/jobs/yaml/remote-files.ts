/** Files of a pattern in a workspace folder or a Unity Catalog volume. */
import { globMatcher, isGlob } from "../../../util/glob.ts";
import type { RemoteFolders } from "../../../workspace/workspace.ts";

/** True for a path or pattern that lies in a workspace. */
export const isRemote = (pattern: string): boolean => /^\/(?:Volumes|Workspace)\//.test(pattern);

/**
 * Paths of the files that a pattern matches, sorted. A plain path gives itself when it is a file, and the files directly
 * in it with one of `endings` when it is a folder.
 * @returns undefined where the folder that the pattern begins with is not there
 * @throws HeadgateError of the workspace: `forbidden` with the grant, `unavailable`
 */
export async function remoteFiles(
  folders: RemoteFolders,
  pattern: string,
  endings: readonly string[],
): Promise<string[] | undefined> {
  const parts = pattern.replace(/\/+$/, "").split("/");
  const firstGlob = parts.findIndex(isGlob);
  const ends = (path: string) => endings.some((ending) => path.endsWith(ending));
  if (firstGlob < 0) {
    const path = parts.join("/");
    // A file is told by its name: a folder may not be read as one.
    if (ends(path)) return (await folders.read(path)) === undefined ? undefined : [path];
    const entries = await folders.entries(path);
    return entries?.flatMap((entry) => (entry.kind === "file" && ends(entry.path) ? [entry.path] : [])).sort();
  }
  const start = parts.slice(0, firstGlob).join("/");
  // Only `**` goes further down than the pattern has parts.
  const deepest = parts.includes("**") ? Number.POSITIVE_INFINITY : parts.length - firstGlob;
  const found = await below(folders, start, deepest);
  if (found === undefined) return undefined;
  const matches = globMatcher(parts.join("/"));
  return found.filter(matches).sort();
}

async function below(folders: RemoteFolders, folder: string, depth: number): Promise<string[] | undefined> {
  const entries = await folders.entries(folder);
  if (entries === undefined) return undefined;
  const files = entries.flatMap((entry) => (entry.kind === "file" ? [entry.path] : []));
  if (depth <= 1) return files;
  for (const entry of entries) {
    if (entry.kind === "folder") files.push(...((await below(folders, entry.path, depth - 1)) ?? []));
  }
  return files;
}
