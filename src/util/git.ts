/** What git knows of a folder: commit, branch, unsaved changes, ancestry. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A checkout. */
export interface Checkout {
  commit: string;
  branch: string | null;
  /** True where tracked files differ from the commit. */
  dirty: boolean;
}

async function git(dir: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", args, { cwd: dir, timeout: 20_000, maxBuffer: 16 * 1024 * 1024 });
    return stdout.trim();
  } catch (error) {
    // No git, no checkout, no such commit: all mean "not known", which is what undefined says.
    if (typeof error === "object" && error !== null && "code" in error) return undefined;
    throw error;
  }
}

/** The checkout that holds `dir`, or null where there is none. */
export async function checkoutOf(dir: string): Promise<Checkout | null> {
  const commit = await git(dir, ["rev-parse", "HEAD"]);
  if (commit === undefined || commit === "") return null;
  const [branch, status] = await Promise.all([
    git(dir, ["rev-parse", "--abbrev-ref", "HEAD"]),
    git(dir, ["status", "--porcelain", "--untracked-files=no"]),
  ]);
  return { commit, branch: branch === undefined || branch === "HEAD" ? null : branch, dirty: status !== "" };
}

/** Address of the remote `origin`, without what signs in to it; undefined where there is none. */
export async function originOf(dir: string): Promise<string | undefined> {
  const url = await git(dir, ["remote", "get-url", "origin"]);
  return url === undefined || url === "" ? undefined : url.replace(/^(https?:\/\/)[^@/]+@/, "$1");
}

/** True where HEAD contains the commit; false also where the commit is not known here. */
export async function headContains(dir: string, commit: string): Promise<boolean> {
  return (await git(dir, ["merge-base", "--is-ancestor", commit, "HEAD"])) !== undefined;
}
