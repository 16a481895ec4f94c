/** Claims that two names mean one thing, and which node stands for which, in SQL. */
import { HeadgateError } from "../../../errors.ts";
import { utc } from "../../../util/clock.ts";
import { formatWireJson, parseJson } from "../../../util/int64-json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { Claim, LineageStore } from "../../lineage.ts";
import type { AliasClaim } from "../../schema/lineage.ts";
import { nextSeq } from "../../seq.ts";
import { insertMany } from "../many.ts";

const claimOf = (row: AliasClaim): Claim => ({
  id: row.id,
  a: row.a_node,
  b: row.b_node,
  kind: row.kind,
  evidence: parseJson(row.evidence),
  confidence: row.confidence,
  source: row.source,
  status: row.status as Claim["status"],
  actor: row.actor,
  at: row.at,
});

const insertCanon = insertMany("node_canon", [
  ["epoch", "bigint"],
  ["node_id", "bigint"],
  ["canon_id", "bigint"],
]);

/** Epochs before the newest are kept so long, for graphs that are being read. */
const EPOCHS = 3;

/** The part of the lineage door about claims. */
export function sqlClaims(
  database: Database,
): Pick<LineageStore, "putClaims" | "decideClaim" | "claims" | "writeCanon" | "canon"> {
  const { db, read, clock } = database;
  return {
    putClaims: (claims) =>
      inTransaction(database, async (within) => {
        for (const claim of claims) {
          const found = {
            evidence: formatWireJson(claim.evidence),
            confidence: claim.confidence,
            status: claim.status,
            at: claim.at,
          };
          await within.db
            .insertInto("alias_claim")
            .values({
              id: claim.id,
              a_node: claim.a,
              b_node: claim.b,
              kind: claim.kind,
              source: claim.source,
              actor: null,
              ...found,
            })
            .onConflict((conflict) => conflict.column("id").doUpdateSet(found).where("alias_claim.actor", "is", null))
            .execute();
        }
      }),

    async decideClaim(id, status, actor) {
      const { numUpdatedRows } = await db
        .updateTable("alias_claim")
        .set({ status, actor, at: utc(clock.now()) })
        .where("id", "=", id)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new HeadgateError("not_found", `There is no claim ${id}`, { permanent: true });
    },

    async claims(filter = {}) {
      let query = read.selectFrom("alias_claim").selectAll();
      const { node, status } = filter;
      if (node !== undefined) query = query.where((eb) => eb.or([eb("a_node", "=", node), eb("b_node", "=", node)]));
      if (status !== undefined) query = query.where("status", "=", status);
      return (await query.orderBy("id").execute()).map(claimOf);
    },

    writeCanon: (canon) =>
      inTransaction(database, async (within) => {
        const epoch = await nextSeq(within.db, "canon_epoch");
        await insertCanon(
          within.db,
          within.kind,
          canon.map(({ node, canon: stands }) => [epoch, node, stands]),
        );
        await within.db
          .deleteFrom("node_canon")
          .where("epoch", "<=", epoch - EPOCHS)
          .execute();
        return epoch;
      }),

    async canon() {
      const last = await read
        .selectFrom("log_position")
        .select("seq")
        .where("log", "=", "canon_epoch")
        .executeTakeFirst();
      const epoch = last?.seq ?? 0;
      const rows = await read.selectFrom("node_canon").selectAll().where("epoch", "=", epoch).execute();
      return { epoch, canon: new Map(rows.map((row) => [row.node_id, row.canon_id])) };
    },
  };
}
