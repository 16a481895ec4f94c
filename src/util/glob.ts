/** File patterns: `**` any folders, `*` and `?` within a name, `[a-z]`, `{a,b}`; and the files that match. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Alternatives of the first brace group, each with the rest of the pattern. */
function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf("{");
  if (open < 0) return [pattern];
  let depth = 0;
  const cuts = [open];
  for (let i = open; i < pattern.length; i++) {
    if (pattern[i] === "{") depth++;
    else if (pattern[i] === "," && depth === 1) cuts.push(i);
    else if (pattern[i] === "}" && --depth === 0) {
      cuts.push(i);
      const head = pattern.slice(0, open);
      const tail = pattern.slice(i + 1);
      return cuts.slice(1).flatMap((cut, n) => expandBraces(head + pattern.slice((cuts[n] as number) + 1, cut) + tail));
    }
  }
  return [pattern]; // a brace that is never closed stands for itself
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** One part of a path (between slashes) as a regular expression. */
function partPattern(part: string): string {
  let source = "";
  for (let i = 0; i < part.length; i++) {
    const char = part[i] as string;
    const close = char === "[" ? part.indexOf("]", i + 2) : -1;
    if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (close > 0) {
      const inner = part
        .slice(i + 1, close)
        .replace(/\\/g, "\\\\")
        .replace(/^!/, "^");
      source += `[${inner}]`;
      i = close;
    } else source += literal(char);
  }
  return source;
}

/**
 * A test for paths with forward slashes. Names that begin with a dot match only where the pattern writes the dot.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const sources = expandBraces(pattern.replace(/^\.\//, "")).map((one) => {
    const parts = one.split("/").filter((part, index) => part !== "" || index === 0);
    let source = "";
    parts.forEach((part, index) => {
      const last = index === parts.length - 1;
      if (part === "**") source += last ? "(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+" : "(?:(?!\\.)[^/]+/)*";
      else source += `${/^[*?[]/.test(part) ? "(?!\\.)" : ""}${partPattern(part)}${last ? "" : "/"}`;
    });
    return source;
  });
  const expression = new RegExp(`^(?:${sources.join("|")})$`);
  return (path) => expression.test(path);
}

/** True for a text that is a pattern rather than a path. */
export function isGlob(text: string): boolean {
  return /[*?{[]/.test(text);
}

async function kindOf(path: string): Promise<"file" | "folder" | "none"> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "none";
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return "none";
    throw error;
  }
}

async function walk(folder: string, path: string, into: string[]): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inner = path === "" ? entry.name : `${path}/${entry.name}`;
    const full = join(folder, entry.name);
    let isFolder = entry.isDirectory();
    let isFile = entry.isFile();
    if (entry.isSymbolicLink()) {
      // Linked files count; linked folders do not, since they may lead back to where we are.
      isFile = (await kindOf(full)) === "file";
      isFolder = false;
    }
    if (isFile) into.push(inner);
    else if (isFolder && entry.name !== "node_modules" && entry.name !== ".git") await walk(full, inner, into);
  }
}

/**
 * Files below `folder` that match a pattern (relative to it, or absolute), sorted, as paths with forward slashes. A
 * plain path gives itself when it is a file, and the files directly in it with one of `extensions` when it is a folder.
 * @throws the file system's error for a folder that cannot be read; a path that does not exist gives nothing
 */
export async function globFiles(folder: string, pattern: string, extensions: string[] = []): Promise<string[]> {
  const wanted = pattern.replace(/\\/g, "/").replace(/^\.\//, "");
  const parts = wanted.split("/");
  const firstGlob = parts.findIndex(isGlob);
  const fixed = (firstGlob < 0 ? parts : parts.slice(0, firstGlob)).join("/");
  const absolute = wanted.startsWith("/") || /^[A-Za-z]:/.test(wanted);
  const start = absolute ? fixed || "/" : join(folder, fixed);
  const kind = await kindOf(start);
  if (kind === "file") return firstGlob < 0 ? [wanted] : [];
  if (kind === "none") return [];
  if (firstGlob < 0) {
    const names = await readdir(start, { withFileTypes: true });
    const kept = names.filter((entry) => entry.isFile() && extensions.some((ending) => entry.name.endsWith(ending)));
    return kept.map((entry) => `${wanted.replace(/\/$/, "")}/${entry.name}`).sort();
  }
  const below: string[] = [];
  await walk(start, "", below);
  const matches = globMatcher(wanted);
  const prefix = fixed === "" && !absolute ? "" : fixed.endsWith("/") ? fixed : `${fixed}/`;
  return below
    .map((path) => prefix + path)
    .filter(matches)
    .sort();
}
