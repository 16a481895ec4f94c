/** The generated pages of docs/reference: file name → how it is made. */
import { cliPage } from "./cli.ts";
import { configPage } from "./config.ts";
import { errorsPage } from "./errors.ts";
import { permissionsPage } from "./permissions.ts";

/** Each page; `npm run gen` writes them, a test compares them. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "docs/reference/cli.md": cliPage,
  "docs/reference/config.md": configPage,
  "docs/reference/errors.md": errorsPage,
  "docs/reference/permissions.md": permissionsPage,
};
