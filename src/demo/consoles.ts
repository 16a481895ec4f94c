/** Reads the console logs of the demo as `lineage harvest` does, and compares with the events that were printed. */
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createHarvest } from "../lineage/harvest/harvest.ts";

/** What was printed into one log. */
export interface PrintedLog {
  path: string;
  events: readonly string[];
  /** Of these the log has lost. */
  cut: number;
}

/** What was found. */
export interface HarvestScore {
  /** Events found. */
  events: number;
  /** Printed whole, and not found. */
  missed: number;
  /** Found, and never printed. */
  invented: number;
  /** Printed, but the log ends within them. */
  cut: number;
}

/**
 * Harvests all logs into one file of events.
 * @param out relative to the project, an event a line
 */
export async function harvestConsoles(dir: string, logs: readonly PrintedLog[], out: string): Promise<HarvestScore> {
  const found: string[] = [];
  const harvest = createHarvest((event) => found.push(event));
  for (const { path } of logs) {
    const reader = harvest.open("bytes");
    for await (const bytes of createReadStream(join(dir, path), "latin1")) reader.chunk(String(bytes));
    reader.end();
  }
  await mkdir(dirname(join(dir, out)), { recursive: true });
  await writeFile(join(dir, out), found.map((event) => `${event}\n`).join(""));
  const printed = new Set(logs.flatMap(({ events }) => events));
  const invented = found.filter((event) => !printed.has(event)).length;
  const cut = logs.reduce((sum, log) => sum + log.cut, 0);
  return { events: found.length, missed: printed.size - cut - (found.length - invented), invented, cut };
}
