/** docs/reference/cli.md: the help page of every command. */

import { allVerbs, roomHelp, verbHelp } from "../../src/cli/help.ts";
import { PLAIN } from "../../src/cli/print/style.ts";
import { ROUTES } from "../../src/cli/routes.ts";
import { ERROR_CODES } from "../../src/errors.ts";
import { VERSION } from "../../src/util/version.ts";

const block = (text: string): string =>
  ["```text", text.trimEnd().replace(`headgate ${VERSION}:`, "headgate:"), "```"].join("\n");

/** The page. */
export function cliPage(): string {
  const pages = allVerbs(ROUTES).map(({ way, verb }) =>
    [`## headgate ${way.join(" ")}`, "", block(verbHelp(PLAIN, way, verb)), ""].join("\n"),
  );
  const codes = [...new Set(Object.values(ERROR_CODES))].sort((a, b) => a - b).join(", ");
  return [
    "# Commands",
    "",
    `Exit codes are 0, 2 (differences, with \`--exit-code\`) and ${codes}: see [errors](errors.md).`,
    "",
    block(roomHelp(PLAIN, [], ROUTES)),
    "",
    ...pages,
  ].join("\n");
}
