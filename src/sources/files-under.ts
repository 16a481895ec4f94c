/** Files that a path of the command line means: the file itself, or every file below a folder. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { HeadgateError } from "../errors.ts";

/**
 * Absolute paths of the files, sorted, each once. Hidden files are left out of folders.
 * @param paths absolute
 * @throws HeadgateError `not_found` for a path that does not exist
 */
export async function filesUnder(paths: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
      throw new HeadgateError("not_found", `${path} does not exist`, {
        hint: "give a file or a folder",
        permanent: true,
        cause: error,
      });
    });
    if (!info.isDirectory()) {
      found.add(path);
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !entry.name.startsWith(".")) found.add(join(entry.parentPath, entry.name));
    }
  }
  return [...found].sort();
}
