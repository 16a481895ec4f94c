/** `headgate store backup`: a consistent copy of a store that may be in use. */
import { stat } from "node:fs/promises";
import path from "node:path";
import { HeadgateError } from "../errors.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import type { StoreTarget } from "./open.ts";
import { postgresPlace } from "./postgres/failure.ts";
import { copyTo } from "./sqlite/backup.ts";
import { openConnection } from "./sqlite/connection.ts";

/**
 * Copies a SQLite store to `file`, which is there whole or not at all. It must not exist yet.
 *
 * @returns where the copy lies (absolute) and its size in bytes
 * @throws HeadgateError `usage` for Postgres, which has its own tool, and where `file` exists; `not_found` without a store
 */
export async function backupStore(
  target: StoreTarget,
  file: string,
  clock: Clock = systemClock,
): Promise<{ file: string; bytes: number }> {
  if (target.kind === "postgres") {
    throw new HeadgateError(
      "usage",
      `The store is Postgres at ${postgresPlace(target.url)}: back it up with its own tool`,
      {
        hint: "pg_dump --format=custom --file=headgate.dump URL; bring it back with pg_restore.",
        permanent: true,
      },
    );
  }
  const exists = (name: string) =>
    stat(name).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return false;
        throw error;
      },
    );
  if (!(await exists(target.path))) {
    throw new HeadgateError("not_found", `There is no store at ${target.path}`, {
      hint: "It is made by the first command that needs it.",
      permanent: true,
    });
  }
  const copy = path.resolve(file);
  if (await exists(copy)) {
    throw new HeadgateError("usage", `${file} exists already`, { hint: "Name a new file.", permanent: true });
  }
  const connection = await openConnection(target.path, { clock, durability: "full", lockWaitMs: 60_000 });
  try {
    await copyTo(connection, copy);
  } finally {
    connection.close();
  }
  return { file: copy, bytes: (await stat(copy)).size };
}
