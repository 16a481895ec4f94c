/** Copies of a SQLite store: whole or not at all. */
import { open, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { Connection } from "./connection.ts";

async function sync(file: string): Promise<void> {
  const handle = await open(file, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a consistent copy of an open store, while others may go on writing to it. `target` appears only when it is
 * whole and on disk; one that is there is replaced.
 *
 * @param check looks at the copy before it gets its name; what it throws discards the copy
 */
export async function copyTo(connection: Connection, target: string, check?: (copy: string) => Promise<void>) {
  const partial = `${target}.${process.pid}-${Math.random().toString(36).slice(2, 8)}.partial`;
  try {
    await connection.run("vacuum into ?", [partial]);
    await check?.(partial);
    await sync(partial);
    await rename(partial, target);
    // The new name itself is only durable with its folder; Windows can neither open nor sync one.
    if (process.platform !== "win32") await sync(path.dirname(target));
  } finally {
    await rm(partial, { force: true });
  }
}
