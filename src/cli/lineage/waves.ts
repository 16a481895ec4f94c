/** `headgate lineage waves`: who reads and writes what in, the waves of a migration out. */
import path from "node:path";
import { findConfig } from "../../config/find.ts";
import { HeadgateError } from "../../errors.ts";
import { planWaves } from "../../lineage/waves/plan.ts";
import type { WaveCapacity, WavePlan } from "../../model/wave.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { wavesText } from "../print/waves.ts";
import { withProject } from "../project.ts";
import { type MomentFlags, momentOf } from "./question-flags.ts";
import { readEdges, readPins } from "./wave-files.ts";

export interface WavesFlags extends MomentFlags {
  edges?: string;
  inventory?: readonly string[];
  pins?: string;
  capacity?: WaveCapacity;
}

/** What is read where there is neither a project nor a file named. */
const EDGES = "edges.ndjson";

export default async function waves(context: CliContext, flags: WavesFlags): Promise<number> {
  const { capacity } = flags;
  const pins = flags.pins === undefined ? undefined : await readPins(context.cwd, flags.pins);
  const inventory = () => inventoryTables((flags.inventory ?? []).map((name) => path.resolve(context.cwd, name)));
  const show = (plan: WavePlan) =>
    answer(context, { text: () => wavesText(context.style, plan), json: () => formatJson(plan, 2) });
  if (flags.edges === undefined && (await isProject(context))) {
    return withProject(context, async ({ lineage }) => {
      show(await lineage.waves({ ...momentOf(flags), pins, capacity, tables: await inventory() }));
      return 0;
    });
  }
  const edges = await readEdges(context, flags.edges ?? EDGES);
  show(planWaves({ edges, tables: await inventory(), pins, capacity }));
  return 0;
}

/** Whether the command stands in a project. */
async function isProject({ globals, cwd }: CliContext): Promise<boolean> {
  if (globals.dir !== undefined) return true;
  try {
    await findConfig(cwd, false);
    return true;
  } catch (error) {
    if (error instanceof HeadgateError && error.code === "not_found") return false;
    throw error;
  }
}

/** Tables with their sizes. A view has no files: it is made anew once its tables have moved. */
async function inventoryTables(paths: readonly string[]): Promise<{ name: string; bytes: number | null }[]> {
  if (paths.length === 0) return [];
  const { readInventory } = await import("../../app.ts");
  return (await readInventory(paths))
    .filter(({ type }) => type !== "VIEW")
    .map(({ name, bytes }) => ({ name, bytes: bytes ?? null }));
}
