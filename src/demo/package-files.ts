/** Finds what is shipped beside the program: examples, the built page. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Absolute path of a file or folder of the package, from wherever this code lies in it (source tree or bundle);
 * undefined where the package has none.
 */
export function inPackage(path: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
    if (dirname(folder) === folder) return undefined;
  }
}
