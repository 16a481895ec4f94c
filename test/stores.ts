/** Fresh stores of both kinds, and running a suite on each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { migrateStore, openStore, type StoreOptions, type StoreTarget } from "../src/store/open.ts";
import { openConnection } from "../src/store/sqlite/connection.ts";
import type { Store } from "../src/store/transaction.ts";
import { systemClock } from "../src/util/clock.ts";
import { type TestPostgres, testPostgres } from "./postgres.ts";

/** Fresh stores of one kind. */
export interface Setting {
  kind: Store["kind"];
  /** Where a store of its own may be opened. */
  target(): Promise<StoreTarget>;
  /** A store at the newest schema: a new one, or one more door to that of a target, as another process would have it. */
  open(target?: StoreTarget, options?: StoreOptions): Promise<Store>;
  /** Runs a statement behind the store's back. */
  execute(target: StoreTarget, statement: string): Promise<void>;
  /** The same for a query. */
  query(target: StoreTarget, statement: string): Promise<Record<string, unknown>[]>;
  /** Closes and removes everything. */
  end(): Promise<void>;
}

async function onFile(target: StoreTarget, statement: string): Promise<Record<string, unknown>[]> {
  if (target.kind !== "sqlite") throw new Error("not a file");
  const connection = await openConnection(target.path, { clock: systemClock, durability: "normal", lockWaitMs: 5_000 });
  try {
    return (await connection.run(statement, [])).rows;
  } finally {
    connection.close();
  }
}

async function onServer(target: StoreTarget, statement: string): Promise<Record<string, unknown>[]> {
  if (target.kind !== "postgres") throw new Error("not a server");
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: target.url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Stores in files of a folder of their own. */
export function sqliteSetting(): Setting {
  const stores: Store[] = [];
  const folders: string[] = [];
  const target = async (): Promise<StoreTarget> => {
    const folder = await mkdtemp(path.join(tmpdir(), "headgate-store-"));
    folders.push(folder);
    return { kind: "sqlite", path: path.join(folder, "state.db") };
  };
  return {
    kind: "sqlite",
    target,
    open: async (at, options) => {
      const store = await openStore(at ?? (await target()), options);
      stores.push(store);
      return store;
    },
    execute: async (at, statement) => void (await onFile(at, statement)),
    query: onFile,
    end: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** A database at the newest schema, to copy: far quicker than migrating each. */
let migrated: Promise<string> | undefined;
function migratedOnce(postgres: Exclude<TestPostgres, { skipped: string }>): Promise<string> {
  migrated ??= postgres.createDatabase().then(async (url) => {
    await migrateStore({ kind: "postgres", url });
    return url;
  });
  return migrated;
}

/** Stores in databases of their own. */
function postgresSetting(postgres: Exclude<TestPostgres, { skipped: string }>): Setting {
  const stores: Store[] = [];
  const target = async (): Promise<StoreTarget> => ({
    kind: "postgres",
    url: await postgres.createDatabase(await migratedOnce(postgres)),
  });
  return {
    kind: "postgres",
    target,
    open: async (at, options) => {
      const where = at ?? (await target());
      const store = await openStore(where, { connections: 4, ...options });
      stores.push(store);
      return store;
    },
    execute: async (at, statement) => void (await onServer(at, statement)),
    query: onServer,
    end: async () => {
      await Promise.all(stores.map((store) => store.close()));
    },
  };
}

/** Runs a suite on SQLite and on Postgres; `store` gives a store that all its tests share. */
export async function onBothStores(name: string, suite: (setting: Setting, store: () => Store) => void): Promise<void> {
  const run = (setting: Setting) => () => {
    let opened: Store | undefined;
    beforeAll(async () => {
      opened = await setting.open();
    });
    afterAll(() => setting.end());
    suite(setting, () => {
      if (!opened) throw new Error("the store is not open yet");
      return opened;
    });
  };
  describe(`${name} on SQLite`, run(sqliteSetting()));
  const postgres = await testPostgres();
  // Skipped one by one, so that each is known, and counted: nothing of the setting is used for that.
  if ("skipped" in postgres) describe.skip(`${name} on Postgres`, run(sqliteSetting()));
  else describe(`${name} on Postgres`, run(postgresSetting(postgres)));
}
