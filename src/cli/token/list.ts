/** `headgate token list`: all access tokens, newest first, without what they open. */
import { listTokens } from "../../access/tokens.ts";
import { utc } from "../../util/clock.ts";
import { answer, type CliContext } from "../context.ts";
import { tokensJson, tokensText } from "../print/tokens.ts";
import { withProject } from "../project.ts";

export default function list(context: CliContext): Promise<number> {
  return withProject(context, async ({ store, style }) => {
    const all = await listTokens((await store()).access);
    answer(context, { text: () => tokensText(style, all, utc(context.now())), json: () => tokensJson(all) });
    return 0;
  });
}
