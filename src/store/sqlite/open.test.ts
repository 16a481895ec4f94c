/** Opening SQLite stores: refusals, copies, migrations, backups. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../util/clock.ts";
import { backupStore } from "../backup.ts";
import { type SchemaStep, STEPS } from "../migrations/migrations.ts";
import { migrateStore, openStore } from "../open.ts";
import { openSqlite } from "./open.ts";

const NEXT: SchemaStep = { name: "9999_next", statements: () => ["create table next (a text)"] };
const BROKEN: SchemaStep = {
  name: "9999_broken",
  statements: () => ["create table half (a text)", "insert into half values ('x')", "create table half (a text)"],
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headgate-open-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Files beside a store, without the ones of SQLite's log, which the driver removes late. */
const names = async (file: string) =>
  (await readdir(path.dirname(file))).filter((name) => !/^state\.db-(wal|shm)$/.test(name)).sort();

const settings = (steps = STEPS) => ({
  clock: systemClock,
  headgate: "0.1.0",
  steps,
  durability: "full" as const,
  lockWaitMs: 5_000,
  mayConnect: () => {},
});

describe("a SQLite store", () => {
  it("is made with its folder, and is what it was when opened again", async () => {
    const target = { kind: "sqlite" as const, path: path.join(folder, "a", "b", "state.db") };
    const store = await openStore(target);
    await store.cursors.move("c", "1");
    await store.close();
    const again = await openStore(target);
    expect(await again.cursors.find("c")).toMatchObject({ value: "1" });
    await again.ping();
    await again.close();
    await expect(again.ping()).rejects.toThrow();
    expect(await migrateStore(target)).toEqual([]);
  });

  it("keeps a copy beside itself before a migration, and none of a fresh file", async () => {
    const file = path.join(folder, "copy", "state.db");
    const store = await openStore({ kind: "sqlite", path: file });
    await store.cursors.move("c", "before");
    await store.close();
    expect(await names(file)).toEqual(["state.db"]);
    // After closing, the file alone holds everything.
    await copyFile(file, path.join(folder, "carried.db"));
    const carried = await openStore({ kind: "sqlite", path: path.join(folder, "carried.db") });
    expect(await carried.cursors.find("c")).toMatchObject({ value: "before" });
    await carried.close();
    const steps = [...STEPS, NEXT];
    expect(await migrateStore({ kind: "sqlite", path: file }, { steps, headgate: "0.2.0" })).toEqual(["9999_next"]);
    const copy = `${file}.before-${steps.length}`;
    expect(await names(file)).toEqual(["state.db", path.basename(copy)]);
    const old = await openStore({ kind: "sqlite", path: copy });
    expect(await old.cursors.find("c")).toMatchObject({ value: "before" });
    await old.close();
  });

  it("of a newer headgate is refused with the version it needs, and not touched", async () => {
    const target = { kind: "sqlite" as const, path: path.join(folder, "newer.db") };
    await migrateStore(target, { steps: [...STEPS, NEXT], headgate: "0.7.3" });
    await expect(openStore(target)).rejects.toMatchObject({
      code: "store_newer",
      message: expect.stringContaining("0.7.3"),
      data: { needs: "0.7.3", migrations: ["9999_next"] },
    });
  });

  it("is as before when a migration fails", async () => {
    const target = { kind: "sqlite" as const, path: path.join(folder, "broken.db") };
    await (await openStore(target)).close();
    await expect(openStore(target, { steps: [...STEPS, BROKEN] })).rejects.toThrow();
    const { db, read } = await openSqlite(target.path, settings());
    expect((await read.introspection.getTables()).map((table) => table.name)).not.toContain("half");
    await read.destroy();
    await db.destroy();
  });

  it("is migrated once by many who open it at the same time", async () => {
    const target = { kind: "sqlite" as const, path: path.join(folder, "many.db") };
    const stores = await Promise.all(Array.from({ length: 6 }, () => openStore(target)));
    await Promise.all(stores.map((store, n) => store.cursors.move(`c${n}`, "1")));
    expect(await stores[0]?.cursors.list()).toHaveLength(6);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("is refused on a network file system, and no file is made", async () => {
    const home = path.join(folder, "share");
    await mkdir(home);
    const opening = openSqlite(path.join(home, "state.db"), { ...settings(), networkFileSystemOf: async () => "nfs" });
    await expect(opening).rejects.toMatchObject({
      code: "store_network_file_system",
      hint: expect.stringContaining("Postgres"),
      data: { fileSystem: "nfs" },
    });
    expect(await readdir(home)).toEqual([]);
  });
});

describe("a backup", () => {
  it("is a whole store, taken while another connection has unsaved work", async () => {
    const target = { kind: "sqlite" as const, path: path.join(folder, "live.db") };
    const copy = path.join(folder, "backups.db");
    const store = await openStore(target);
    await store.cursors.move("c", "1");
    const { bytes } = await store.transaction(async ({ cursors }) => {
      await cursors.move("c", "2");
      return backupStore(target, copy);
    });
    expect(bytes).toBeGreaterThan(4096);
    const restored = await openStore({ kind: "sqlite", path: copy });
    expect(await restored.cursors.find("c")).toMatchObject({ value: "1" });
    await Promise.all([store.close(), restored.close()]);
    await expect(backupStore(target, copy)).rejects.toMatchObject({ code: "usage" });
    expect((await readdir(folder)).filter((name) => name.endsWith(".partial"))).toEqual([]);
  });

  it("is refused without a store, and for Postgres, which names pg_dump and no password", async () => {
    await expect(
      backupStore({ kind: "sqlite", path: path.join(folder, "none.db") }, path.join(folder, "x.db")),
    ).rejects.toMatchObject({ code: "not_found" });
    const url = "postgres://headgate:hunter2@db.example.com:5432/state";
    const refused = await backupStore({ kind: "postgres", url }, "x").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "usage", hint: expect.stringContaining("pg_dump") });
    expect(JSON.stringify(refused) + String(refused)).not.toContain("hunter2");
  });

  it("leaves a file that is no store alone", async () => {
    const file = path.join(folder, "notes.txt");
    await writeFile(file, "these are notes, not a store, and longer than a header of SQLite would be: ".repeat(20));
    const before = await readFile(file, "utf8");
    await expect(openStore({ kind: "sqlite", path: file })).rejects.toMatchObject({ code: "config_invalid" });
    expect(await readFile(file, "utf8")).toBe(before);
  });
});
