/** Finds what is shipped beside the program: examples, the built page. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Absolute path of a file or folder of this package, from wherever this code lies in it (source tree or bundle);
 * undefined where the package has none.
 */
export function inPackage(path: string): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) {
      const found = join(folder, path);
      return existsSync(found) ? found : undefined;
    }
    if (dirname(folder) === folder) return undefined;
  }
}
