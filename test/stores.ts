/** Fresh stores of both kinds, and running a suite on each. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { migrateStore, openStore, type StoreOptions, type StoreTarget } from "../src/store/open.ts";
import type { Store } from "../src/store/transaction.ts";
import { testPostgres } from "./postgres.ts";

/** Fresh stores of one kind. */
export interface Setting {
  kind: Store["kind"];
  /** Where an empty store may be made. */
  target(): Promise<StoreTarget>;
  /** A new store at the newest schema; opened again at the same target for a second process or server. */
  open(target?: StoreTarget, options?: StoreOptions): Promise<Store>;
  /** Closes and removes everything. */
  end(): Promise<void>;
}

/** Stores in files of a folder of their own. */
function sqliteSetting(): Setting {
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
    end: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

/** Stores in databases of their own. */
function postgresSetting(createDatabase: () => Promise<string>): Setting {
  const stores: Store[] = [];
  const target = async (): Promise<StoreTarget> => ({ kind: "postgres", url: await createDatabase() });
  return {
    kind: "postgres",
    target,
    open: async (at, options) => {
      const where = at ?? (await target());
      if (at === undefined) await migrateStore(where, options);
      const store = await openStore(where, { connections: 4, ...options });
      stores.push(store);
      return store;
    },
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
  if ("skipped" in postgres) describe.skip(`${name} on Postgres: ${postgres.skipped}`, () => {});
  else describe(`${name} on Postgres`, run(postgresSetting(postgres.createDatabase)));
}
