/** Cursors and leases in SQL. */
import { HeadgateError } from "../../errors.ts";
import { utc } from "../../util/clock.ts";
import type { Cursor, CursorStore, Lease } from "../cursors.ts";
import { type Database, inTransaction } from "../database.ts";
import type { CursorTable, LeaseTable } from "../schema/ground.ts";

const cursorOf = (row: CursorTable): Cursor => ({ name: row.name, value: row.value, movedAt: row.moved_at });
const leaseOf = (row: LeaseTable): Lease => ({
  name: row.name,
  holder: row.holder,
  fence: row.fence,
  expiresAt: row.expires_at,
});

/** The cursors door of a database. Leases are timed by the clock of this process; the fence makes skew harmless. */
export function sqlCursors(database: Database): CursorStore {
  const { db, read, clock } = database;
  return {
    async find(name) {
      const row = await read.selectFrom("cursor_position").selectAll().where("name", "=", name).executeTakeFirst();
      return row && cursorOf(row);
    },

    async list(prefix = "") {
      const rows = await read.selectFrom("cursor_position").selectAll().orderBy("name").execute();
      return rows.filter((row) => row.name.startsWith(prefix)).map(cursorOf);
    },

    async move(name, value, lease) {
      await inTransaction(database, async (within) => {
        if (lease) {
          // The update takes the row's lock, so that nobody can take the lease over before this commits.
          const held = await within.db
            .updateTable("cursor_lease")
            .set({ fence: lease.fence })
            .where("name", "=", lease.name)
            .where("fence", "=", lease.fence)
            .executeTakeFirst();
          if (held.numUpdatedRows === 0n) {
            throw new HeadgateError("lock_lost", `Another process has taken over “${lease.name}”`, {
              hint: "It goes on from the last cursor; nothing was written here.",
              permanent: true,
            });
          }
        }
        const moved = { value, moved_at: utc(clock.now()) };
        await within.db
          .insertInto("cursor_position")
          .values({ name, ...moved })
          .onConflict((conflict) => conflict.column("name").doUpdateSet(moved))
          .execute();
      });
    },

    async remove(name) {
      await db.deleteFrom("cursor_position").where("name", "=", name).execute();
    },

    async acquireLease(name, holder, milliseconds) {
      const now = clock.now();
      const expires = { expires_at: utc(now + milliseconds) };
      const row = await db
        .insertInto("cursor_lease")
        .values({ name, holder, fence: 1, ...expires })
        .onConflict((conflict) =>
          conflict
            .column("name")
            .doUpdateSet((eb) => ({
              ...expires,
              holder,
              fence: eb
                .case()
                .when("cursor_lease.holder", "=", holder)
                .then(eb.ref("cursor_lease.fence"))
                .else(eb("cursor_lease.fence", "+", 1))
                .end(),
            }))
            .where((eb) =>
              eb.or([eb("cursor_lease.holder", "=", holder), eb("cursor_lease.expires_at", "<=", utc(now))]),
            ),
        )
        .returningAll()
        .executeTakeFirst();
      return row && leaseOf(row);
    },

    async renewLease(lease, milliseconds) {
      const row = await db
        .updateTable("cursor_lease")
        .set({ expires_at: utc(clock.now() + milliseconds) })
        .where("name", "=", lease.name)
        .where("holder", "=", lease.holder)
        .where("fence", "=", lease.fence)
        .returningAll()
        .executeTakeFirst();
      return row && leaseOf(row);
    },

    async releaseLease(lease) {
      // The row stays, since the next fence must be greater than this one.
      await db
        .updateTable("cursor_lease")
        .set({ expires_at: utc(0), holder: "" })
        .where("name", "=", lease.name)
        .where("holder", "=", lease.holder)
        .where("fence", "=", lease.fence)
        .execute();
    },

    async findLease(name) {
      const row = await read.selectFrom("cursor_lease").selectAll().where("name", "=", name).executeTakeFirst();
      return row && row.holder !== "" ? leaseOf(row) : undefined;
    },
  };
}
