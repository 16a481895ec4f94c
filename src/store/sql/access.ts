/** Tokens and the audit trail in SQL. */
import type { AccessStore, StoredAudit, StoredToken } from "../access.ts";
import { type Database, inTransaction } from "../database.ts";
import type { AccessAudit, AccessToken } from "../schema/ground.ts";
import { lockLog, nextSeq } from "../seq.ts";

function tokenOf(row: AccessToken): StoredToken {
  return {
    id: row.id,
    name: row.name,
    hash: row.hash,
    scopes: JSON.parse(row.scopes) as string[],
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}

function auditOf({ request_id, ...row }: AccessAudit): StoredAudit & { seq: number } {
  return { ...row, requestId: request_id };
}

/** The access door of a database. */
export function sqlAccess(database: Database): AccessStore {
  const { db, read } = database;
  return {
    async addToken(token) {
      const row: AccessToken = {
        id: token.id,
        name: token.name,
        hash: token.hash,
        scopes: JSON.stringify(token.scopes),
        created_at: token.createdAt,
        created_by: token.createdBy,
        expires_at: token.expiresAt,
        last_used_at: token.lastUsedAt,
        revoked_at: token.revokedAt,
      };
      await db.insertInto("access_token").values(row).execute();
    },

    async findToken(hash) {
      const row = await read.selectFrom("access_token").selectAll().where("hash", "=", hash).executeTakeFirst();
      return row && tokenOf(row);
    },

    async listTokens() {
      const rows = await read
        .selectFrom("access_token")
        .selectAll()
        .orderBy("created_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(tokenOf);
    },

    async revokeToken(id, at) {
      await db
        .updateTable("access_token")
        .set({ revoked_at: at })
        .where("id", "=", id)
        .where("revoked_at", "is", null)
        .execute();
    },

    async touchToken(id, at) {
      await db.updateTable("access_token").set({ last_used_at: at }).where("id", "=", id).execute();
    },

    async addAudit({ requestId, ...row }) {
      await inTransaction(database, async (within) => {
        await lockLog(within.db, within.kind, "access_audit");
        const known = await within.db
          .selectFrom("access_audit")
          .select("seq")
          .where("id", "=", row.id)
          .executeTakeFirst();
        if (known) return;
        const seq = await nextSeq(within.db, "access_audit");
        await within.db
          .insertInto("access_audit")
          .values({ ...row, request_id: requestId, seq })
          .execute();
      });
    },

    async auditAfter(after, limit) {
      const rows = await read
        .selectFrom("access_audit")
        .selectAll()
        .where("seq", ">", after)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(auditOf);
    },

    async listAudit(filter = {}) {
      let query = read.selectFrom("access_audit").selectAll();
      if (filter.actor !== undefined) query = query.where("actor", "=", filter.actor);
      if (filter.action !== undefined) query = query.where("action", "=", filter.action);
      if (filter.since !== undefined) query = query.where("at", ">=", filter.since);
      const rows = await query
        .orderBy("seq", "desc")
        .limit(filter.limit ?? 100)
        .execute();
      return rows.map(auditOf);
    },
  };
}
