/** Text files in SQL: one row a file. */
import { sql } from "kysely";
import { utc } from "../../util/clock.ts";
import type { Database } from "../database.ts";
import type { FileStore } from "../files.ts";

function placeOf(path: string): { folder: string; name: string } {
  const cut = path.lastIndexOf("/");
  return { folder: path.slice(0, Math.max(cut, 0)), name: path.slice(cut + 1) };
}

const sorted = (names: Iterable<string>): string[] => [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/** The files door of a database. */
export function sqlFiles({ db, read, kind, clock }: Database): FileStore {
  const row = (path: string, text: string) => ({ ...placeOf(path), content: text, written_at: utc(clock.now()) });
  return {
    async read(path) {
      const { folder, name } = placeOf(path);
      // A state is read to be changed: what another process has just written must be in it.
      const found = await db
        .selectFrom("text_file")
        .select("content")
        .where("folder", "=", folder)
        .where("name", "=", name)
        .executeTakeFirst();
      return found?.content;
    },

    async write(path, text) {
      const { content, written_at } = row(path, text);
      await db
        .insertInto("text_file")
        .values(row(path, text))
        .onConflict((conflict) => conflict.columns(["folder", "name"]).doUpdateSet({ content, written_at }))
        .execute();
    },

    async createNew(path, text) {
      const made = await db
        .insertInto("text_file")
        .values(row(path, text))
        .onConflict((conflict) => conflict.columns(["folder", "name"]).doNothing())
        .returning("name")
        .executeTakeFirst();
      return made !== undefined;
    },

    async remove(path) {
      const { folder, name } = placeOf(path);
      await db.deleteFrom("text_file").where("folder", "=", folder).where("name", "=", name).execute();
    },

    async list(path) {
      const rows = await read.selectFrom("text_file").select("name").where("folder", "=", path).execute();
      return sorted(rows.map(({ name }) => name));
    },

    async folders(path) {
      const above = `${path}/`;
      const rows = await read
        .selectFrom("text_file")
        .select("folder")
        .distinct()
        .where(sql`substr(folder, 1, ${sql.lit(above.length)})`, "=", above)
        .execute();
      return sorted(new Set(rows.map(({ folder }) => folder.slice(above.length).split("/", 1)[0] ?? "")));
    },

    async now() {
      if (kind === "sqlite") return clock.now();
      const asked = sql<{ at: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`;
      return (await asked.execute(read)).rows[0]?.at ?? clock.now();
    },
  };
}
