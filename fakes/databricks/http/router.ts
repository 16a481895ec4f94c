/** Routes of the fake: method and path to a handler, and what a handler is given. */
import type { Principal } from "../auth/principals.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../world.ts";

/** One request as a handler sees it. */
export interface Call {
  method: string;
  path: string;
  /** What the groups of the route's path matched, decoded. */
  groups: string[];
  query: URLSearchParams;
  headers: Record<string, string | string[] | undefined>;
  principal: Principal;
  bytes: Buffer;
  /** The body as a JSON object; no body is `{}`. @throws ApiError 400 `MALFORMED_REQUEST` */
  body(): JsonObject;
}

/** An answer that is not JSON with status 200. */
export class Reply {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers: Record<string, string>;
  constructor(status: number, body: string | Buffer, headers: Record<string, string>) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export interface Route {
  method: string;
  /** Regular expression for the whole path. */
  path: string;
  /** Needs no token; `call.principal` is then nobody. */
  open?: boolean;
  /** Gives the JSON answer, or a {@link Reply}; runs without interruption unless it waits. */
  handle: (world: World, call: Call) => object | Promise<object>;
}

export interface Match {
  route: Route;
  groups: string[];
}

/** Makes a function that finds the route of a request. */
export function makeRouter(routes: Route[]): (method: string, path: string) => Match | undefined {
  const compiled = routes.map((route) => ({ route, pattern: new RegExp(`^${route.path}$`) }));
  return (method, path) => {
    for (const { route, pattern } of compiled) {
      if (route.method !== method) continue;
      const match = pattern.exec(path);
      if (match) return { route, groups: match.slice(1).map((group) => decodeURIComponent(group ?? "")) };
    }
    return undefined;
  };
}
