/** Opens, migrates and copies the store of a project. */
import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { openValue } from "../config/secrets.ts";
import type { Json } from "../util/json.ts";
import { VERSION } from "../util/version.ts";
import { configFor, type Environment, type OpenHeadgateOptions } from "./options.ts";

/** The store of a project, its references resolved and its path made absolute. */
export function storeTarget(config: Config, env: Environment) {
  const opened = openValue(config.store as unknown as Json, "store", {
    dir: config.dir,
    env,
    placeOf: config.placeOf,
  }) as unknown as Config["store"];
  return opened.kind === "sqlite" ? { ...opened, path: join(config.dir, opened.path) } : opened;
}

/** Brings the store of a project up to date. @returns where it is, and the names of the migrations that were run */
export async function migrateProjectStore(
  options: OpenHeadgateOptions = {},
): Promise<{ place: string; migrations: string[] }> {
  const { config, env } = await configFor(options);
  const { migrateStore } = await import("../store/open.ts");
  const target = storeTarget(config, env);
  const migrations = await migrateStore(target, { headgate: VERSION });
  return { place: target.kind === "sqlite" ? target.path : "postgres", migrations };
}

/** Copies the store of a project into `file` while it is in use. @returns the file and its size in bytes */
export async function backupProjectStore(
  options: OpenHeadgateOptions,
  file: string,
): Promise<{ file: string; bytes: number }> {
  const { config, env } = await configFor(options);
  const { backupStore } = await import("../store/backup.ts");
  return backupStore(storeTarget(config, env), file);
}
