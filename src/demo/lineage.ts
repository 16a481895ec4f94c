/** The data half of the demo: the logs that the week has caused, what headgate reads from them, and how much of it is true. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HappenedRun, RETAIL, type WrittenWorld, writeWorld } from "../../simulator/index.ts";
import { attributeAccessLogs } from "../app.ts";
import { planWaves } from "../lineage/waves/plan.ts";
import { type HarvestScore, harvestConsoles } from "./consoles.ts";
import type { DemoFolder } from "./folder.ts";
import { clustersDump, happenedRuns, runsDump } from "./happened.ts";
import { type Score, score } from "./score.ts";
import { WEEK } from "./week.ts";
import type { DemoWorkspace } from "./workspace.ts";

/** Folders of the project that are filled. */
const FILLED = ["logs", "inventory", "runs", "console", "truth.json"];

/** Reads of this task's hours never arrive: what only it reads cannot be known. */
const LOST = "marketing_attribution/touchpoints";

/** Events that were found on consoles, an event a line. */
const EVENTS = "events/consoles.ndjson";

/** What the week has left behind, and what is true of it. */
type LeftBehind = Pick<WrittenWorld, "truth" | "consoles">;

/** The delivery of logs failed while a task was at work. */
function gapsOf(runs: readonly HappenedRun[]) {
  return runs
    .filter(({ program }) => program === LOST)
    .map(({ ready, end }) => ({ account: "stretaillake", category: "StorageRead" as const, from: ready, to: end }));
}

/**
 * Writes the logs, the inventory and the runs of the week into the project, as they would be exported.
 * @param keyOf the key of a job in the example by its id
 */
export async function leaveLogs(
  { fake }: DemoWorkspace,
  folder: DemoFolder,
  options: { end: number; seed: number; keyOf: (jobId: string) => string | undefined },
): Promise<LeftBehind> {
  const { end, seed, keyOf } = options;
  const runs = await happenedRuns(fake, keyOf);
  let left: LeftBehind | undefined;
  await folder.fill(FILLED, () => {
    left = writeWorld(folder.path, RETAIL, { seed: String(seed), from: end - WEEK, to: end, runs, gaps: gapsOf(runs) });
    mkdirSync(join(folder.path, "runs"));
    writeFileSync(join(folder.path, "runs/runs.json"), runsDump(fake));
    writeFileSync(join(folder.path, "runs/clusters.json"), clustersDump());
  });
  if (left === undefined) throw new Error("nothing was written");
  return left;
}

/** What headgate found, and how much of it is true. */
export interface DemoLineage {
  report: Awaited<ReturnType<typeof attributeAccessLogs>>;
  score: Score;
  consoles: HarvestScore;
  waves: number;
}

/** Attributes the logs, compares with the truth, plans waves. */
export async function readLogs(
  folder: DemoFolder,
  { truth, consoles }: LeftBehind,
  signal: AbortSignal,
): Promise<DemoLineage> {
  const dir = folder.path;
  let harvested: HarvestScore | undefined;
  await folder.fill(["events"], async () => {
    harvested = await harvestConsoles(dir, consoles, EVENTS);
  });
  if (harvested === undefined) throw new Error("no console was read");
  const report = await attributeAccessLogs({
    logs: [join(dir, "logs")],
    dumps: [join(dir, "runs"), join(dir, "inventory")],
    signal,
  });
  const { waves } = planWaves({ edges: report.edges });
  return {
    report,
    score: score(report.edges, truth.edges),
    consoles: harvested,
    waves: waves.length,
  };
}
