/** Access tokens of a store: make, list, revoke, find. The command line and the server both come here. */
import { randomBytes } from "node:crypto";
import { HeadgateError } from "../errors.ts";
import { type Clock, utc } from "../util/clock.ts";
import { nearest } from "../util/nearest.ts";
import { SCOPES, type Scope, scopesOf } from "./scope.ts";
import { hashSecret, isToken, newToken, sameHash } from "./token.ts";

/** A token as the store keeps it. */
export interface TokenRow {
  id: string;
  name: string;
  /** SHA-256 of the token, hex. */
  hash: string;
  scopes: string[];
  /** UTC texts. */
  createdAt: string;
  createdBy: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** What is asked of the store here. */
export interface TokenStore {
  addToken(row: TokenRow): Promise<void>;
  /** The token with this hash, revoked or not. */
  findToken(hash: string): Promise<TokenRow | undefined>;
  listTokens(): Promise<TokenRow[]>;
  /** Revoking one that is revoked changes nothing. */
  revokeToken(id: string, at: string): Promise<void>;
  touchToken(id: string, at: string): Promise<void>;
}

/** A token as it may be shown: without its hash. */
export type TokenView = Omit<TokenRow, "hash">;

const shown = ({ hash: _hash, ...view }: TokenRow): TokenView => view;

/**
 * Makes a token.
 * @param options.scopes at least one of {@link SCOPES}; each includes those before it
 * @param options.lifeMs it ends so long from now; never when absent
 * @returns the token itself, which cannot be shown again, and its row
 * @throws HeadgateError `usage` for an unknown scope, no name, or a name in use
 */
export async function createToken(
  store: TokenStore,
  clock: Clock,
  options: { name: string; scopes: readonly string[]; by: string; lifeMs?: number | undefined },
): Promise<{ token: string; view: TokenView }> {
  for (const word of options.scopes) {
    if (!(SCOPES as readonly string[]).includes(word)) {
      const near = nearest(word, SCOPES);
      throw new HeadgateError("usage", `No such scope: ${word}`, {
        hint: near === undefined ? `Scopes are ${SCOPES.join(", ")}.` : `Did you mean ${near}?`,
        permanent: true,
      });
    }
  }
  const scopes = scopesOf(options.scopes);
  if (scopes.length === 0) {
    throw new HeadgateError("usage", "A token needs a scope", { hint: `Scopes are ${SCOPES.join(", ")}.` });
  }
  if (options.name.trim() === "") throw new HeadgateError("usage", "A token needs a name", { permanent: true });
  if ((await store.listTokens()).some((row) => row.name === options.name && row.revokedAt === null)) {
    throw new HeadgateError("usage", `There is a token named ${options.name} already`, {
      hint: "Take another name, or revoke that one first.",
      permanent: true,
    });
  }
  const token = newToken();
  const now = clock.now();
  const row: TokenRow = {
    id: randomBytes(8).toString("hex"),
    name: options.name,
    hash: hashSecret(token),
    scopes,
    createdAt: utc(now),
    createdBy: options.by,
    expiresAt: options.lifeMs === undefined ? null : utc(now + options.lifeMs),
    lastUsedAt: null,
    revokedAt: null,
  };
  await store.addToken(row);
  return { token, view: shown(row) };
}

/** All tokens, newest first, revoked ones included. */
export async function listTokens(store: TokenStore): Promise<TokenView[]> {
  const rows = await store.listTokens();
  return rows.map(shown).sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.name.localeCompare(b.name));
}

/**
 * Revokes a token by its id or name; it ends at once.
 * @throws HeadgateError `not_found` naming the nearest one
 */
export async function revokeToken(store: TokenStore, clock: Clock, idOrName: string): Promise<TokenView> {
  const rows = await store.listTokens();
  const row =
    rows.find((one) => one.id === idOrName) ??
    rows.find((one) => one.name === idOrName && one.revokedAt === null) ??
    rows.find((one) => one.name === idOrName);
  if (row === undefined) {
    const near = nearest(
      idOrName,
      rows.map((one) => one.name),
    );
    throw new HeadgateError("not_found", `There is no token ${idOrName}`, {
      hint: near === undefined ? "`headgate token list` shows them." : `Did you mean ${near}?`,
      permanent: true,
    });
  }
  if (row.revokedAt !== null) return shown(row);
  const at = utc(clock.now());
  await store.revokeToken(row.id, at);
  return { ...shown(row), revokedAt: at };
}

/** A token that is known and may be used now. */
export interface ValidToken {
  id: string;
  name: string;
  hash: string;
  scopes: Scope[];
  expiresAt: string | null;
}

/** Finds the token with a hash, unless it is unknown, revoked or past its end. */
export async function findToken(store: TokenStore, clock: Clock, hash: string): Promise<ValidToken | undefined> {
  const row = await store.findToken(hash);
  if (row === undefined || !sameHash(row.hash, hash) || row.revokedAt !== null) return undefined;
  if (row.expiresAt !== null && Date.parse(row.expiresAt) <= clock.now()) return undefined;
  return { id: row.id, name: row.name, hash: row.hash, scopes: scopesOf(row.scopes), expiresAt: row.expiresAt };
}

/** The hash to look a presented token up by, or undefined when it has not the form of one. */
export function presentedHash(text: string): string | undefined {
  return isToken(text) ? hashSecret(text) : undefined;
}
