/** Browser sessions and the one-time codes that start them: in memory only, so a restart ends them all. */
import { randomBytes } from "node:crypto";
import { type Clock, utc } from "../util/clock.ts";
import type { Principal } from "./principal.ts";
import type { Scope } from "./scope.ts";
import { hashSecret } from "./token.ts";

/** A printed login link works for so long. */
const CODE_MS = 10 * 60_000;
/** A session ends so long after it began, used or not. */
const SESSION_MS = 12 * 3_600_000;
/** More are not kept: the oldest goes. */
const MOST_SESSIONS = 1_000;

interface Session {
  actor: string;
  scopes: readonly Scope[];
  csrf: string;
  endsAt: number;
  /** Hash of the token it was made with; the session ends with it. */
  tokenHash: string | undefined;
}

/** What a session was found to be. */
export interface FoundSession {
  principal: Principal;
  tokenHash: string | undefined;
}

/** Who begins a session. */
interface Starting {
  actor: string;
  scopes: readonly Scope[];
  /** Of the token it is begun with, which is asked for again each time. */
  tokenHash?: string | undefined;
  /** When it ends at the latest, milliseconds since 1970. */
  until?: number | undefined;
}

/** Sessions of one server. */
export interface Sessions {
  /** A code that {@link redeem} takes once, within 10 minutes. */
  newCode(who: { actor: string; scopes: readonly Scope[] }): string;
  /** Turns a code into a session id, or undefined when it is unknown, used or too old. */
  redeem(code: string): string | undefined;
  /** Starts a session. @returns its secret id, for the cookie */
  start(who: Starting): string;
  find(id: string): FoundSession | undefined;
  end(id: string): void;
}

/** Makes an empty set of sessions. Ids, codes and CSRF values are 256 random bits; ids and codes are kept as hashes. */
export function createSessions(clock: Clock): Sessions {
  const codes = new Map<string, { actor: string; scopes: readonly Scope[]; endsAt: number }>();
  const sessions = new Map<string, Session>();
  const secret = () => randomBytes(32).toString("base64url");

  function start(who: Starting): string {
    for (const [hash, session] of sessions) {
      if (session.endsAt <= clock.now() || sessions.size >= MOST_SESSIONS) sessions.delete(hash);
      else break;
    }
    const id = secret();
    sessions.set(hashSecret(id), {
      actor: who.actor,
      scopes: who.scopes,
      csrf: secret(),
      endsAt: Math.min(clock.now() + SESSION_MS, who.until ?? Number.POSITIVE_INFINITY),
      tokenHash: who.tokenHash,
    });
    return id;
  }

  return {
    newCode(who) {
      const code = secret();
      codes.set(hashSecret(code), { ...who, endsAt: clock.now() + CODE_MS });
      return code;
    },
    redeem(code) {
      const hash = hashSecret(code);
      const found = codes.get(hash);
      codes.delete(hash);
      return found !== undefined && clock.now() < found.endsAt ? start(found) : undefined;
    },
    start,
    find(id) {
      const hash = hashSecret(id);
      const session = sessions.get(hash);
      if (session === undefined) return undefined;
      if (clock.now() >= session.endsAt) {
        sessions.delete(hash);
        return undefined;
      }
      return {
        tokenHash: session.tokenHash,
        principal: {
          actor: session.actor,
          via: "session",
          scopes: session.scopes,
          csrf: session.csrf,
          expiresAt: utc(session.endsAt),
        },
      };
    },
    end(id) {
      sessions.delete(hashSecret(id));
    },
  };
}
