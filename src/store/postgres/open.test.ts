/** Opening Postgres stores: never migrated by opening, usable one schema behind, failures in words. */
import { describe, expect, it } from "vitest";
import { testPostgres } from "../../../test/postgres.ts";
import { type SchemaStep, STEPS } from "../migrations/migrations.ts";
import { migrateStore, openStore } from "../open.ts";
import { connectionFailure, postgresPlace } from "./failure.ts";

const next = (n: number): SchemaStep => ({
  name: `900${n}_next`,
  statements: () => [`create table next_${n} (a text)`],
});

describe("a place", () => {
  it.each([
    ["postgres://anna:hunter2@db.example.com:5433/state?sslmode=require", "db.example.com:5433/state"],
    ["postgres:///state", "localhost/state"],
    ["not a url with hunter2", "Postgres"],
  ])("of %s names no password", (url, place) => expect(postgresPlace(url)).toBe(place));
});

describe("a failure", () => {
  it.each([
    ["28P01", "unauthorized"],
    ["3D000", "not_found"],
    ["42501", "forbidden"],
    ["57P01", "unavailable"],
    ["ECONNREFUSED", "unavailable"],
    ["EAI_AGAIN", "unavailable"],
  ])("%s is %s", (code, ours) => {
    expect(connectionFailure(Object.assign(new Error("x"), { code }), "db/state")?.code).toBe(ours);
  });

  it("of another kind is nobody's connection", () => {
    expect(connectionFailure(Object.assign(new Error("x"), { code: "23505" }), "db")).toBeUndefined();
    expect(connectionFailure(new Error("x"), "db")).toBeUndefined();
    const both = new AggregateError([Object.assign(new Error(), { code: "ECONNREFUSED" })]);
    expect(connectionFailure(both, "db")?.code).toBe("unavailable");
  });

  it("to reach a server says where, without the password", async () => {
    const url = "postgres://anna:hunter2@127.0.0.1:1/state";
    const failed = await openStore({ kind: "postgres", url }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: "unavailable", message: expect.stringContaining("127.0.0.1:1/state") });
    expect(String(failed)).not.toContain("hunter2");
  });
});

const postgres = await testPostgres();

describe.skipIf("skipped" in postgres)("a Postgres store", () => {
  const database = async () => {
    if ("skipped" in postgres) throw new Error(postgres.skipped);
    return { kind: "postgres" as const, url: await postgres.createDatabase() };
  };

  it("is never migrated by opening it", async () => {
    const target = await database();
    const refused = { code: "store_needs_migration", hint: expect.stringContaining("headgate store migrate") };
    await expect(openStore(target)).rejects.toMatchObject(refused);
    await expect(openStore(target)).rejects.toMatchObject(refused);
    expect(await migrateStore(target)).toEqual(STEPS.map((step) => step.name));
    expect(await migrateStore(target)).toEqual([]);
    const store = await openStore(target);
    await store.ping();
    await store.close();
  });

  it("is migrated once by many who migrate at the same time", async () => {
    const target = await database();
    const done = await Promise.all([migrateStore(target), migrateStore(target), migrateStore(target)]);
    expect(done.flat()).toEqual(STEPS.map((step) => step.name));
  });

  it("works with the schema before the newest, not with older and not with newer ones", async () => {
    const target = await database();
    await migrateStore(target, { headgate: "0.1.0" });
    const store = await openStore(target, { steps: [...STEPS, next(1)] });
    await store.cursors.move("c", "1");
    expect(await store.cursors.find("c")).toMatchObject({ value: "1" });
    await store.close();
    await expect(openStore(target, { steps: [...STEPS, next(1), next(2)] })).rejects.toMatchObject({
      code: "store_needs_migration",
      data: { version: STEPS.length, needs: STEPS.length + 2 },
    });
    expect(await migrateStore(target, { steps: [...STEPS, next(1)], headgate: "0.8.1" })).toEqual(["9001_next"]);
    const newer = { code: "store_newer", data: { needs: "0.8.1" } };
    await expect(openStore(target)).rejects.toMatchObject(newer);
    await expect(migrateStore(target)).rejects.toMatchObject(newer);
  });

  it("knows that it takes no writes", async () => {
    const target = await database();
    await migrateStore(target);
    const { default: pg } = await import("pg");
    const admin = new pg.Client({ connectionString: target.url });
    await admin.connect();
    await admin.query(
      `alter database "${new URL(target.url).pathname.slice(1)}" set default_transaction_read_only = on`,
    );
    await admin.end();
    const store = await openStore(target);
    await store.ping();
    expect(await store.isWritable()).toBe(false);
    await store.close();
  });

  it("ends a statement that takes too long", async () => {
    const target = await database();
    await migrateStore(target);
    const first = await openStore(target);
    const hasty = await openStore(target, { statementTimeoutMs: 100 });
    await first.transaction(async ({ cursors }) => {
      await cursors.move("c", "1");
      await expect(hasty.cursors.move("c", "2")).rejects.toMatchObject({ code: "unavailable" });
    });
    expect(await first.cursors.find("c")).toMatchObject({ value: "1" });
    await Promise.all([first.close(), hasty.close()]);
  });

  it("goes on after its connections were cut", async () => {
    const target = await database();
    await migrateStore(target);
    const warnings: string[] = [];
    const store = await openStore(target, { warn: (message) => void warnings.push(message) });
    await store.ping();
    const { default: pg } = await import("pg");
    const admin = new pg.Client({ connectionString: target.url });
    await admin.connect();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await admin.end();
    await expect.poll(() => warnings.length).toBeGreaterThan(0);
    await store.ping();
    await store.close();
  });
});
