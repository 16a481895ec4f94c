/** Writes a simulated world to files: logs in the folders of the diagnostic setting, inventory, truth. */
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { consoleLogs } from "./console/consoles.ts";
import { inventoryFiles } from "./inventory.ts";
import type { LogLine } from "./logs/delivery.ts";
import { resourceOf } from "./logs/record.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";
import type { Truth } from "./truth.ts";
import type { World } from "./world.ts";

/** What was written. Paths are relative to the folder. */
export interface WrittenWorld {
  files: string[];
  /** Of the logs. */
  bytes: number;
  truth: Truth;
  /** The console logs: the events that were printed into each, and how many of them it has lost. */
  consoles: { path: string; events: string[]; cut: number }[];
}

/** A file is appended to when so many characters of it wait. */
const BUFFER = 1 << 20;
const HOUR = 3_600_000;

/** What a file of logs holds: an hour, as Azure writes them, or a day, as whoever copies them may gather them. */
type LogFiles = "hour" | "day";

/** Where the diagnostic setting puts a line (Azure Monitor: resource logs in a storage account). */
export function logPath(world: World, { account, service, category, hour }: LogLine, files: LogFiles = "hour"): string {
  const found = world.accounts.find(({ name }) => name === account);
  if (found === undefined) throw new Error(`no account ${account}`);
  const [, year, month, day, of] = /^(\d+)-(\d+)-(\d+)T(\d+)/.exec(new Date(hour).toISOString()) ?? [];
  const resource = resourceOf(world, found, service);
  const folder = `insights-logs-${category.toLowerCase()}/resourceId=${resource}/y=${year}/m=${month}/d=${day}`;
  return files === "day" ? `${folder}/day.json` : `${folder}/h=${of}/m=00/PT1H.json`;
}

/** Appends lines to the files they belong to; few are open at a time, each in memory only in part. */
function openLogFiles(folder: string, world: World, logFiles: LogFiles | undefined) {
  const waiting = new Map<string, { parts: string[]; size: number; hour: number }>();
  const files = new Set<string>();
  let bytes = 0;
  const flush = (path: string): void => {
    const known = waiting.get(path);
    if (known === undefined || known.parts.length === 0) return;
    if (!files.has(path)) mkdirSync(dirname(join(folder, path)), { recursive: true });
    files.add(path);
    const text = known.parts.join("");
    bytes += Buffer.byteLength(text);
    appendFileSync(join(folder, path), text);
    waiting.set(path, { ...known, parts: [], size: 0 });
  };
  let newest = 0;
  return {
    add(line: LogLine): void {
      const path = logPath(world, line, logFiles);
      const known = waiting.get(path) ?? { parts: [], size: 0, hour: line.hour };
      waiting.set(path, known);
      known.parts.push(line.torn ? line.text : `${line.text}\n`);
      known.size += line.text.length;
      if (known.size > BUFFER) flush(path);
      if (line.hour <= newest) return;
      newest = line.hour;
      // an hour that lies two back gets no more lines, but for the last one that was held
      for (const [old, { hour }] of waiting) {
        if (hour + 2 * HOUR > newest) continue;
        flush(old);
        waiting.delete(old);
      }
    },
    close(): { files: string[]; bytes: number } {
      for (const path of waiting.keys()) flush(path);
      return { files: [...files].sort(), bytes };
    },
  };
}

/**
 * Writes a world below a folder: `logs/`, `inventory/`, `console/`, `truth.json`. The logs are streamed.
 * @param folder absolute; it should hold no logs yet, they are appended to
 * @param options.logFiles `hour` when absent
 */
export function writeWorld(
  folder: string,
  world: World,
  options: SimulateOptions & { logFiles?: LogFiles },
): WrittenWorld {
  const simulation = simulate(world, options);
  const logs = openLogFiles(join(folder, "logs"), world, options.logFiles);
  for (const line of simulation.lines) logs.add(line);
  const { files, bytes } = logs.close();
  const truth = simulation.truth();
  const texts: Record<string, string> = {};
  const consoles: WrittenWorld["consoles"] = [];
  for (const { path, text, events, cut } of consoleLogs(world, options.runs, options)) {
    texts[`console/${path}`] = text;
    consoles.push({ path: `console/${path}`, events, cut });
  }
  Object.assign(texts, {
    ...Object.fromEntries(Object.entries(inventoryFiles(world)).map(([name, text]) => [`inventory/${name}`, text])),
    "truth.json": `${JSON.stringify({ ...truth, consoles }, null, 1)}\n`,
  });
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { files: [...files.map((path) => `logs/${path}`), ...Object.keys(texts)], bytes, truth, consoles };
}
