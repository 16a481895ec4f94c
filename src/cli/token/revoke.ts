/** `headgate token revoke`: ends an access token at once. */
import { revokeToken } from "../../access/tokens.ts";
import { systemClock } from "../../util/clock.ts";
import { answer, type CliContext } from "../context.ts";
import { safe } from "../print/safe.ts";
import { tokenJson } from "../print/tokens.ts";
import { withProject } from "../project.ts";

export default function revoke(context: CliContext, _flags: object, idOrName: string): Promise<number> {
  return withProject(context, async ({ store }) => {
    const token = await revokeToken((await store()).access, systemClock, idOrName);
    answer(context, { text: () => `${safe(token.name)} (${token.id}) is revoked`, json: () => tokenJson(token) });
    return 0;
  });
}
