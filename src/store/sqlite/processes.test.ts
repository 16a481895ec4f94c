/** Several headgate processes on one SQLite file, and processes that are killed while they write. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildStoreWriter } from "../../../test/store-writer-build.ts";
import { systemClock } from "../../util/clock.ts";
import { openStore } from "../open.ts";
import { openConnection } from "./connection.ts";

let folder = "";
let writer: Awaited<ReturnType<typeof buildStoreWriter>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headgate-processes-"));
  writer = await buildStoreWriter();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await writer.remove();
});

interface Ended {
  code: number | null;
  stderr: string;
  /** Ids whose write was acknowledged. */
  acknowledged: string[];
}

/** Runs a writer; `onLine` may kill it. */
function write(file: string, name: string, count: number, onLine?: (lines: number, child: ChildProcess) => void) {
  return new Promise<Ended>((resolve, reject) => {
    const child = spawn(process.execPath, [writer.program, file, name, String(count)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      onLine?.(stdout.split("\n").length - 1, child);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      // What follows the last line break may be cut short by the kill.
      const lines = stdout.slice(0, stdout.lastIndexOf("\n") + 1).split("\n");
      resolve({ code, stderr, acknowledged: lines.filter((line) => line.startsWith(`${name}-`)) });
    });
  });
}

async function integrity(file: string): Promise<unknown> {
  const connection = await openConnection(file, { clock: systemClock, durability: "full", lockWaitMs: 10_000 });
  const { rows } = await connection.run("pragma integrity_check", []);
  connection.close();
  return rows[0]?.integrity_check;
}

it("takes 500 writes of each of two processes at once, opens of a fresh file included, and loses none", async () => {
  const file = path.join(folder, "two", "state.db");
  const ended = await Promise.all([write(file, "one", 500), write(file, "two", 500)]);
  expect(ended.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: "" },
    { code: 0, stderr: "" },
  ]);
  const store = await openStore({ kind: "sqlite", path: file });
  const rows = await store.access.auditAfter(0, 2_000);
  expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 1));
  expect(new Set(rows.map((row) => row.id)).size).toBe(1_000);
  expect((await store.cursors.find("counter"))?.value).toBe("1000");
  await store.close();
  expect(await integrity(file)).toBe("ok");
}, 120_000);

it("keeps every acknowledged write of processes killed in the middle", async () => {
  const file = path.join(folder, "killed.db");
  const acknowledged: string[] = [];
  for (const round of [0, 1, 2, 3]) {
    const after = 15 + 23 * round;
    const ended = await Promise.all(
      ["a", "b"].map((name) =>
        write(file, `${name}${round}`, 1_000_000, (lines, child) => {
          if (lines > after) child.kill("SIGKILL");
        }),
      ),
    );
    for (const one of ended) acknowledged.push(...one.acknowledged);
  }
  expect(await integrity(file)).toBe("ok");
  const store = await openStore({ kind: "sqlite", path: file });
  const kept = await store.access.auditAfter(0, 100_000);
  const ids = new Set(kept.map((row) => row.id));
  expect(acknowledged.length).toBeGreaterThan(100);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  // Two writes of one transaction are both there or both not.
  expect((await store.cursors.find("counter"))?.value).toBe(String(kept.length));
  await store.close();
}, 120_000);

it("says who is in the way instead of “database is locked” when the wait is over", async () => {
  const file = path.join(folder, "held.db");
  const holder = await openStore({ kind: "sqlite", path: file });
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const waiting = await openStore({ kind: "sqlite", path: file }, { clock, lockWaitMs: 500 });
  await holder.transaction(async ({ cursors }) => {
    await cursors.move("held", "1");
    await expect(waiting.cursors.move("other", "1")).rejects.toMatchObject({ code: "unavailable", permanent: false });
    // Readers do not wait for a writer.
    expect(await waiting.cursors.find("held")).toBeUndefined();
  });
  await waiting.cursors.move("other", "2");
  expect(await holder.cursors.find("other")).toMatchObject({ value: "2" });
  await Promise.all([holder.close(), waiting.close()]);
});
