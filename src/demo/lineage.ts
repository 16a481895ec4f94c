/** The data half of the demo: what the week has left behind, brought into the store, and how much of what the store says is true. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CatalogRow,
  catalogLineage,
  type HappenedRun,
  RETAIL,
  type WrittenWorld,
  writeWorld,
} from "../../simulator/index.ts";
import type { Headgate } from "../app.ts";
import { HeadgateError } from "../errors.ts";
import type { IngestReport } from "../model/ingest-report.ts";
import { type HarvestScore, harvestConsoles } from "./consoles.ts";
import type { DemoFolder } from "./folder.ts";
import { clustersDump, happenedRuns, runsDump } from "./happened.ts";
import { claimsOf, type Score, score } from "./score.ts";
import { WEEK } from "./week.ts";
import type { DemoWorkspace } from "./workspace.ts";

/** Folders of the project that are filled. */
const FILLED = ["logs", "inventory", "runs", "console", "truth.json"];

/** Reads of this task's hours never arrive: what only it reads cannot be known. */
const LOST = "marketing_attribution/touchpoints";

/** Events that were found on consoles, an event a line. */
const EVENTS = "events/consoles.ndjson";

/** More edges than the example has. */
const ALL_EDGES = 100_000;

/** What the week has left behind, and what is true of it. */
interface LeftBehind extends Pick<WrittenWorld, "truth" | "consoles" | "bytes"> {
  /** Of the catalog's own lineage, in the workspace. */
  rows: CatalogRow[];
}

/** The delivery of logs failed while a task was at work. */
function gapsOf(runs: readonly HappenedRun[]) {
  return runs
    .filter(({ program }) => program === LOST)
    .map(({ ready, end }) => ({ account: "stretaillake", category: "StorageRead" as const, from: ready, to: end }));
}

/**
 * Writes the logs, the inventory and the runs of the week into the project, as they would be exported, and the
 * catalog's own lineage into the workspace.
 * @param keyOf the key of a job in the example by its id
 */
export async function leaveLogs(
  { fake }: DemoWorkspace,
  folder: DemoFolder,
  options: { end: number; seed: number; workspaceId: string; keyOf: (jobId: string) => string | undefined },
): Promise<LeftBehind> {
  const { end, seed, workspaceId, keyOf } = options;
  const runs = await happenedRuns(fake, keyOf);
  const rows = catalogLineage(RETAIL, runs, workspaceId);
  fake.control.addLineage({ table_lineage: rows.map((row) => ({ ...row })) });
  let left: WrittenWorld | undefined;
  await folder.fill(FILLED, () => {
    left = writeWorld(folder.path, RETAIL, {
      seed: String(seed),
      from: end - WEEK,
      to: end,
      runs,
      gaps: gapsOf(runs),
      logFiles: "day",
    });
    mkdirSync(join(folder.path, "runs"));
    writeFileSync(join(folder.path, "runs/runs.json"), runsDump(fake));
    writeFileSync(join(folder.path, "runs/clusters.json"), clustersDump());
  });
  if (left === undefined) throw new Error("nothing was written");
  return { ...left, rows };
}

/** What the store knows, and how much of it is true. */
export interface DemoLineage {
  report: IngestReport;
  /** Of the access logs. */
  logBytes: number;
  /** Edges of all sources, with those of jobs elsewhere and of places that are no tables. */
  edges: number;
  score: Score;
  consoles: HarvestScore;
  waves: number;
}

/** Harvests the consoles and brings all sources into the store. @throws HeadgateError `partly_failed` where a source could not be read */
async function ingest(headgate: Headgate, signal: AbortSignal): Promise<IngestReport> {
  const report = await headgate.lineage.ingest({ signal });
  const failed = report.sources.find((source) => source.failed !== null);
  if (failed?.failed) {
    const { message, hint } = failed.failed;
    throw new HeadgateError("partly_failed", `${failed.source}: ${message}`, { hint: hint ?? undefined });
  }
  return report;
}

/** Brings what was left behind into the store, compares what the store says with the truth, plans waves. */
export async function readLogs(
  headgate: Headgate,
  folder: DemoFolder,
  { truth, consoles, bytes, rows }: LeftBehind,
  signal: AbortSignal,
): Promise<DemoLineage> {
  let harvested: HarvestScore | undefined;
  await folder.fill(["events"], async () => {
    harvested = await harvestConsoles(folder.path, consoles, EVENTS);
  });
  if (harvested === undefined) throw new Error("no console was read");
  const report = await ingest(headgate, signal);
  const { items } = await headgate.lineage.edges({ limit: ALL_EDGES });
  const claims = claimsOf(items, new Set(RETAIL.tables.map(({ name }) => name)));
  const { waves } = await headgate.lineage.waves();
  return {
    report,
    logBytes: bytes,
    edges: items.length,
    score: score(claims, truth.edges, rows),
    consoles: harvested,
    waves: waves.length,
  };
}
