/** Where the built page lies: `dist/web` of the package, wherever this file was bundled to. */
import { existsSync } from "node:fs";
import path from "node:path";

/** The folder of the built page, or undefined where it was not built. */
export function findWebDir(from: string = import.meta.dirname): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) {
      const web = path.join(folder, "dist", "web");
      return existsSync(path.join(web, "index.html")) ? web : undefined;
    }
    if (path.dirname(folder) === folder) return undefined;
  }
}
