/** `headgate lineage waves`: who reads and writes what in, the waves of a migration out. */
import path from "node:path";
import { planWaves } from "../../lineage/waves/plan.ts";
import type { WaveCapacity } from "../../model/wave.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { wavesText } from "../print/waves.ts";
import { readEdges, readPins } from "./wave-files.ts";

export interface WavesFlags {
  edges: string;
  inventory?: readonly string[];
  pins?: string;
  capacity?: WaveCapacity;
}

export default async function waves(context: CliContext, flags: WavesFlags): Promise<number> {
  const pins = flags.pins === undefined ? undefined : await readPins(context.cwd, flags.pins);
  const edges = await readEdges(context, flags.edges);
  const tables = await inventoryTables((flags.inventory ?? []).map((name) => path.resolve(context.cwd, name)));
  const plan = planWaves({ edges, tables, pins, capacity: flags.capacity });
  answer(context, { text: () => wavesText(context.style, plan), json: () => formatJson(plan, 2) });
  return 0;
}

/** Tables with their sizes. A view has no files: it is made anew once its tables have moved. */
async function inventoryTables(paths: readonly string[]): Promise<{ name: string; bytes: number | null }[]> {
  if (paths.length === 0) return [];
  const { readInventory } = await import("../../app.ts");
  return (await readInventory(paths))
    .filter(({ type }) => type !== "VIEW")
    .map(({ name, bytes }) => ({ name, bytes: bytes ?? null }));
}
