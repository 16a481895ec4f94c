/** GET /login?code=…: turns the one-time link that `serve` prints into a session cookie. */
import { setCookie } from "hono/cookie";
import { audit } from "../access/audit.ts";
import { peerAddress } from "./authorize.ts";
import type { App } from "./http-app.ts";
import { Refusal } from "./problem.ts";
import type { ServerContext } from "./server-context.ts";

const USED = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>headgate</title>
<h1>This login link was used already, or is too old</h1>
<p>A link works once, within 10 minutes. Start <code>headgate serve</code> again for a new one,
or <a href="/">open the page</a> and sign in with a token.</p>
</html>
`;

/** Mounts the login link. Only a GET that is no prefetch uses the code up. */
export function loginRoute(app: App, context: ServerContext): void {
  app.get("/login", async (c) => {
    c.set("route", "/login");
    c.header("cache-control", "no-store");
    const ahead = c.req.header("sec-purpose") ?? c.req.header("purpose") ?? "";
    if (c.req.method === "HEAD" || ahead.includes("prefetch")) return c.body(null, 204);
    const code = c.req.query("code") ?? "";
    const session = context.sessions.redeem(code);
    const principal = session === undefined ? undefined : context.sessions.find(session)?.principal;
    if (session === undefined || principal === undefined) {
      context.log.warn({ address: peerAddress(c.env.incoming) }, "a login link was refused");
      if ((c.req.header("accept") ?? "").includes("text/html")) return c.html(USED, 403);
      throw new Refusal("login_code_invalid", "The login link was used already or is too old.", {
        hint: "Start `headgate serve` again for a new one, or sign in with a token.",
      });
    }
    await audit(
      context.deps.store.access,
      context.deps.clock,
      { actor: principal.actor, via: "session", address: peerAddress(c.env.incoming) },
      { action: "login", subject: "session", result: "ok", status: 303, requestId: c.get("requestId") },
    );
    const secure = c.req.header("x-forwarded-proto") === "https";
    setCookie(c, context.cookieName(), session, { path: "/", httpOnly: true, sameSite: "Strict", secure });
    return c.redirect("/", 303);
  });
}
