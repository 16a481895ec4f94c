/** Door of tokens and the audit trail. */

/** A token as the store keeps it: never the token itself. */
export interface StoredToken {
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

/** One row of the audit trail: a write that was done, or refused. */
export interface StoredAudit {
  id: string;
  /** UTC text. */
  at: string;
  actor: string;
  /** How the actor was known: `token`, `session`, `proxy`, `none`, … */
  via: string;
  /** Address it came from. */
  address: string;
  action: string;
  /** What it was done to, or "". */
  subject: string;
  /** `ok`, `started`, or the code of the refusal. */
  result: string;
  /** HTTP status, or null where there was no answer of its own. */
  status: number | null;
  /** Finds the request in the log. */
  requestId: string;
}

/** Tokens and audit rows. Audit rows are only ever added: the database itself refuses to change or remove one. */
export interface AccessStore {
  addToken(token: StoredToken): Promise<void>;
  /** The token with this hash, revoked or not. */
  findToken(hash: string): Promise<StoredToken | undefined>;
  /** Newest first, revoked ones included. */
  listTokens(): Promise<StoredToken[]>;
  /** Revoking one that is revoked changes nothing. */
  revokeToken(id: string, at: string): Promise<void>;
  touchToken(id: string, at: string): Promise<void>;

  /** Adds a row; adding an id again changes nothing. */
  addAudit(row: StoredAudit): Promise<void>;
  /** Rows with their place in commit order, after `after` (0 = from the start), oldest first. */
  auditAfter(after: number, limit: number): Promise<(StoredAudit & { seq: number })[]>;
  /** The newest rows first. */
  listAudit(filter?: {
    actor?: string | undefined;
    action?: string | undefined;
    since?: string | undefined;
    limit?: number | undefined;
  }): Promise<(StoredAudit & { seq: number })[]>;
}
