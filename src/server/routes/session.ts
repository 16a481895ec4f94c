/** GET, POST and DELETE /session: who a browser is taken for, signing in with a token, signing out. */
import type { Identity } from "../../access/identify.ts";
import type { Principal } from "../../access/principal.ts";
import type { Sessions } from "../../access/session.ts";
import { hashSecret } from "../../access/token.ts";
import type { SessionView } from "../api.ts";
import type { Handlers } from "../handler.ts";
import { Refusal } from "../problem.ts";

function sessionView(principal: Principal): SessionView {
  return {
    actor: principal.actor,
    scopes: [...principal.scopes],
    via: principal.via,
    csrf: principal.csrf ?? null,
    expiresAt: principal.expiresAt ?? null,
  };
}

/**
 * Handlers of the session.
 * @param byToken who a token stands for
 */
export function sessionRoutes(
  sessions: Sessions,
  byToken: (token: string) => Promise<Identity>,
): Pick<Handlers, "getSession" | "createSession" | "endSession"> {
  return {
    getSession: async ({ principal }) => ({ value: sessionView(principal) }),
    async createSession({ body }) {
      const identity = await byToken(body.token.trim());
      if (identity === undefined || "refused" in identity) {
        throw new Refusal("token_invalid", "This token is unknown, revoked or past its end.", {
          hint: "`headgate token list` shows what is valid; `headgate token create` makes one.",
        });
      }
      const { actor, scopes, via, expiresAt } = identity.principal;
      // A provider's token cannot be asked for again without keeping it: its own end is the session's.
      const session = sessions.start(
        via === "oidc"
          ? { actor, scopes, until: expiresAt === undefined ? undefined : Date.parse(expiresAt) }
          : { actor, scopes, tokenHash: hashSecret(body.token.trim()) },
      );
      const principal = sessions.find(session)?.principal ?? identity.principal;
      return { value: sessionView(principal), session, subject: "session", actor };
    },
    async endSession({ session }) {
      if (session !== undefined) sessions.end(session);
      const nobody: Principal = { actor: "anonymous", via: "none", scopes: [] };
      return { value: sessionView(nobody), session: null, subject: "session" };
    },
  };
}
