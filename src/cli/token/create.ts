/** `headgate token create`: makes an access token for the server; it is shown this once. */

import { userInfo } from "node:os";
import { createToken } from "../../access/tokens.ts";
import { HeadgateError } from "../../errors.ts";
import { systemClock } from "../../util/clock.ts";
import { parseDuration } from "../../util/duration.ts";
import { answer, type CliContext } from "../context.ts";
import { tokenJson, tokenNote } from "../print/tokens.ts";
import { withProject } from "../project.ts";

export interface CreateFlags {
  scope?: string[];
  expires?: string;
}

export default async function create(context: CliContext, flags: CreateFlags, name: string): Promise<number> {
  const lifeMs = flags.expires === undefined ? undefined : parseDuration(flags.expires);
  if (flags.expires !== undefined && (lifeMs === undefined || lifeMs <= 0)) {
    throw new HeadgateError("usage", `--expires: "${flags.expires}" is no duration`, {
      hint: "write it like 90d or 12h",
    });
  }
  return withProject(context, async (project) => {
    const { access } = await project.store();
    const by = userInfo().username;
    const { token, view } = await createToken(access, systemClock, {
      name,
      scopes: flags.scope ?? ["read"],
      by,
      lifeMs,
    });
    answer(context, { text: () => token, json: () => tokenJson(view, token) });
    context.log.info(tokenNote({ color: project.style.color && context.stderr.isTTY }, view));
    return 0;
  });
}
