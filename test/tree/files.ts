/** The files of the repository as tests of the repository see them: what git tracks or would track. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/** Root of the repository. */
export const ROOT = path.resolve(import.meta.dirname, "../..");

/** Paths relative to the root, sorted: tracked files and new ones that are not ignored; deleted ones are left out. */
export function repositoryFiles(): string[] {
  const git = (...args: string[]): string[] =>
    execFileSync("git", ["-C", ROOT, "ls-files", "-z", ...args], { encoding: "utf8", maxBuffer: 64 << 20 })
      .split("\0")
      .filter((name) => name !== "");
  const deleted = new Set(git("--deleted"));
  return [...new Set([...git("--cached", "--others", "--exclude-standard")])]
    .filter((name) => !deleted.has(name))
    .sort();
}

/** Text of a file of the repository. */
export function read(name: string): string {
  return readFileSync(path.join(ROOT, name), "utf8");
}
