/** Finds the project: the nearest folder upward with a headgate.yaml. */
import { dirname, join, resolve } from "node:path";
import { HeadgateError } from "../errors.ts";
import { NOT_UTF8, readText } from "../util/read-text.ts";

const NAMES = ["headgate.yaml", "headgate.yml"];

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "EISDIR" || code === "EACCES" || code === NOT_UTF8) {
      throw new HeadgateError("config_invalid", `${path} cannot be read (${code})`, { cause: error, permanent: true });
    }
    throw error;
  }
}

/**
 * The config file that rules a folder.
 * @param exact look in this folder only
 * @throws HeadgateError `not_found` when there is none
 */
export async function findConfig(dir: string, exact: boolean): Promise<{ path: string; name: string; text: string }> {
  const start = resolve(dir);
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      const text = await readIfThere(path);
      if (text !== undefined) return { path, name, text };
    }
    if (exact || dirname(folder) === folder) break;
  }
  throw new HeadgateError("not_found", `there is no headgate.yaml in ${start}${exact ? "" : " or above"}`, {
    hint: "make one with headgate init, or name the project's folder with --dir",
    permanent: true,
  });
}
