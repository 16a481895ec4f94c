/** What stands behind a route: a function from a checked call to its answer. */
import type { Principal } from "../access/principal.ts";
import type { RouteAnswer, RouteBody, RouteName, RouteParams, RouteQuery } from "./api.ts";

/** A request that passed guards, authorisation and schema. */
export interface Call<Name extends RouteName> {
  params: RouteParams<Name>;
  query: RouteQuery<Name>;
  body: RouteBody<Name>;
  /** The body as it was sent, of routes that take it so; "" elsewhere. */
  text: string;
  principal: Principal;
  /** Address of the peer. */
  address: string;
  requestId: string;
  /** `Idempotency-Key` of a write: a repeat is answered as the first was. */
  idempotencyKey: string | undefined;
  /** Session id of the cookie, if any. */
  session: string | undefined;
  /** A signal that is aborted when the caller goes away, or the server stops and can wait no longer. */
  signal: () => AbortSignal;
}

/** An answer: its value, and header fields beside it. */
export interface Reply<Name extends RouteName> {
  value: RouteAnswer<Name>;
  headers?: Record<string, string>;
  /** What was written, for the audit row (`plans/…`). */
  subject?: string;
  /** Session to set as cookie; null takes the cookie away. */
  session?: string | null;
  /** Who it was in the end, where signing in changed that. */
  actor?: string;
}

/** A function behind a route. */
export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Reply<Name>>;

/** One function for every route of the table. */
export type Handlers = { [Name in RouteName]: Handler<Name> };
