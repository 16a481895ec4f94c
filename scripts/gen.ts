/** `npm run gen`: writes the generated pages of the reference. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PAGES } from "./reference/pages.ts";

const ROOT = path.resolve(import.meta.dirname, "..");

for (const [name, render] of Object.entries(PAGES)) {
  mkdirSync(path.dirname(path.join(ROOT, name)), { recursive: true });
  writeFileSync(path.join(ROOT, name), render());
  console.log(name);
}
