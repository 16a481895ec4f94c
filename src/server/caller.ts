/** Reads from a request who sends it, and checks that against the scope it needs. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import type { Principal } from "../access/principal.ts";
import type { RouteScope } from "./api.ts";
import { authorize, isLocalCaller, peerAddress } from "./authorize.ts";
import type { AppEnv } from "./http-app.ts";
import type { ServerContext } from "./server-context.ts";

/** A caller that may go on. */
export interface Caller {
  principal: Principal;
  address: string;
  /** Session id of the cookie, if any. */
  session: string | undefined;
}

/** The caller of a request. @throws Refusal where the scope is not given */
export async function callerOf(c: Context<AppEnv>, context: ServerContext, scope: RouteScope): Promise<Caller> {
  const request = c.req.raw;
  const address = peerAddress(c.env.incoming);
  const session = getCookie(c, context.cookieName());
  const identity = await context.identify({
    authorization: request.headers.get("authorization") ?? undefined,
    session,
    address,
    header: (name) => request.headers.get(name) ?? undefined,
  });
  const openReads = context.loopbackOnly && isLocalCaller(request, address);
  const principal = authorize({ request, scope, identity, openReads, hosts: context.hosts });
  return { principal, address, session };
}
