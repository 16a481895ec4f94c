/** Where a server listens: reading `HOST:PORT`, and whether that is this machine only. */
import { isIP } from "node:net";
import { HeadgateError } from "../errors.ts";
import { isLoopback } from "./authorize.ts";
import { LOOPBACK_HOSTS } from "./guards.ts";

/** An address to listen on. */
export interface Listen {
  /** Name or address without brackets; undefined for all addresses. */
  host: string | undefined;
  port: number;
}

/** Reads `127.0.0.1:4600`, `[::1]:4600`, `localhost:0`, `:4600`. @throws HeadgateError `config_invalid` */
export function parseListen(text: string): Listen {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new HeadgateError("config_invalid", `Cannot listen on ${JSON.stringify(text)}`, {
      hint: "Write HOST:PORT, as in 127.0.0.1:4600 or [::1]:4600.",
      permanent: true,
    });
  }
  const host = match[1] ?? match[2] ?? "";
  return { host: host === "" || host === "*" ? undefined : host, port };
}

/** True where only this machine can reach the address. Any name but `localhost` counts as reachable by others. */
export function listensOnLoopback(listen: Listen): boolean {
  return listen.host !== undefined && (listen.host === "localhost" || isLoopback(listen.host));
}

const ANY = new Set(["0.0.0.0", "::"]);

/** The host as it stands in a URL: what to call an address that is no name is `localhost`. */
export function urlHost(listen: Listen): string {
  if (listen.host === undefined || ANY.has(listen.host)) return "localhost";
  return isIP(listen.host) === 6 ? `[${listen.host}]` : listen.host;
}

/** Names that may stand in `Host`: this machine's own, the one listened on, and those of the settings. */
export function hostNames(listen: Listen, allowed: readonly string[]): ReadonlySet<string> {
  return new Set([...LOOPBACK_HOSTS, urlHost(listen), ...allowed].map((name) => name.toLowerCase().replace(/\.$/, "")));
}
