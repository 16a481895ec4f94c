/** What works without a project: looking at a workspace, attributing access logs, reading inventory files. */
import type { WorkspaceConfig } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import { lookAt } from "../jobs/look.ts";
import type { LookReport } from "../jobs/room.ts";
import type { Attributed } from "../lineage/attribute/attribute.ts";
import type { InventoryTable } from "../model/table-inventory.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { openDatabricksWorkspace } from "../workspace/databricks.ts";
import type { Environment } from "./options.ts";
import { openWorkspace } from "./workspace.ts";

/** Looks at a workspace without a project, by a profile of `.databrickscfg` or the environment. */
export async function lookAround(options: {
  host?: string | undefined;
  profile?: string | undefined;
  env?: Environment | undefined;
  clock?: Clock | undefined;
  onWarning?: ((message: string) => void) | undefined;
}): Promise<LookReport> {
  const { env = process.env, clock = systemClock, onWarning = () => undefined } = options;
  const { ambientWorkspace } = await import("../clients/databricks/auth/ambient.ts");
  const { host, auth } = await ambientWorkspace({ host: options.host, profile: options.profile, env });
  const client = await openWorkspace(
    { name: "ambient", host, auth } as WorkspaceConfig,
    { dir: process.cwd(), env },
    clock,
    onWarning,
  );
  return lookAt(openDatabricksWorkspace({ client }), { now: clock.now(), markerTag: "headgate" });
}

/** Files that an attribution of access logs is made from, and what to tell while it works. All paths are absolute. */
export interface AttributionRequest {
  /** Storage access logs: files or folders. */
  logs: readonly string[];
  /** Files or folders of runs, jobs, clusters, tables, partitions and mounts, in any mix. */
  dumps: readonly string[];
  /** Files or folders of either. */
  others?: readonly string[] | undefined;
  /** UTC text. */
  from?: string | undefined;
  to?: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal | undefined;
  /** Told of each step and of the requests seen so far. */
  onProgress?: ((text: string) => void) | undefined;
}

/** What an attribution found, and which files it was made from. */
export interface AttributionReport extends Attributed {
  logFiles: number;
  logBytes: number;
  read: { file: string; holds: string }[];
  skipped: { file: string; why: string }[];
}

/**
 * Attributes storage access logs to jobs and tables; needs no project.
 * @throws HeadgateError `not_found` for a path that does not exist, `input_invalid` where there is no log, run or table
 */
export async function attributeAccessLogs(request: AttributionRequest): Promise<AttributionReport> {
  const { onProgress = () => undefined } = request;
  const { findStorageLogs } = await import("../sources/lineage/storage-logs/find.ts");
  const { readDumps } = await import("../sources/dumps.ts");
  const logs = await findStorageLogs(request.logs);
  const others = await findStorageLogs(request.others ?? []);
  const files = [...new Set([...logs.files, ...others.files])].sort();
  const dumps = await readDumps([...request.dumps, ...others.skipped.map(({ file }) => file)]);
  const missing = [
    ...(files.length === 0 ? ["access log (--logs)"] : []),
    ...(dumps.uses.tasks.length === 0 ? ["run of a job (--runs)"] : []),
    ...(dumps.inventory.tables.length === 0 ? ["table (--inventory)"] : []),
  ];
  const skipped = [...logs.skipped, ...dumps.skipped];
  if (missing.length > 0) {
    throw new HeadgateError("input_invalid", `the files given hold no ${missing.join(" and no ")}`, {
      hint: skipped[0] === undefined ? "give other files" : `${skipped[0].file}: ${skipped[0].why}`,
      data: { skipped },
      permanent: true,
    });
  }
  onProgress(
    `${files.length} log files, ${dumps.uses.tasks.length} task runs, ${dumps.inventory.tables.length} tables`,
  );
  const { openDuckdb } = await import("../engines/duckdb/open.ts");
  const { attributeLogs } = await import("../lineage/attribute/room.ts");
  const { scannableLogs } = await import("../sources/lineage/storage-logs/scannable.ts");
  const scannable = await scannableLogs(files, [...logs.others, ...others.others], request.signal);
  const engine = await openDuckdb();
  try {
    const scan = { files: scannable.files, from: request.from, to: request.to };
    const attributed = await attributeLogs(engine, scan, dumps, (requests) => {
      request.signal?.throwIfAborted();
      onProgress(`${requests} requests`);
    });
    return { ...attributed, logFiles: files.length, logBytes: logs.bytes + others.bytes, read: dumps.read, skipped };
  } finally {
    engine.close();
    await scannable.close();
  }
}

/**
 * Reads the tables of inventory files; needs no project.
 * @param paths absolute; files or folders
 * @throws HeadgateError `not_found` for a path that does not exist, `input_invalid` where there is no table
 */
export async function readInventory(paths: readonly string[]): Promise<InventoryTable[]> {
  const { readDumps } = await import("../sources/dumps.ts");
  const { inventory, skipped } = await readDumps(paths);
  if (inventory.tables.length === 0) {
    throw new HeadgateError("input_invalid", "the inventory holds no table", {
      hint: skipped[0] === undefined ? "give other files" : `${skipped[0].file}: ${skipped[0].why}`,
      permanent: true,
    });
  }
  return inventory.tables;
}
