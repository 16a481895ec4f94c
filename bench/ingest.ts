/** What bringing access logs into the store costs, first and again, against DuckDB reading the same ten fields of the same files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDuckdb } from "../src/engines/duckdb/open.ts";
import { accessLogDays } from "../src/lineage/ingest/access-logs.ts";
import { ingestSource } from "../src/lineage/ingest/ingest.ts";
import { openStorageLogFiles } from "../src/sources/lineage/storage-logs/read.ts";
import { openStore } from "../src/store/open.ts";
import { systemClock } from "../src/util/clock.ts";
import { bareScan, inventory, seconds, uses, writeLogs } from "./measure/access-logs.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const ROUNDS = 2;

/** One pass into a store. @returns days computed */
async function pass(folder: string, logs: string, name: string): Promise<number> {
  const engine = await openDuckdb();
  const store = await openStore({ kind: "sqlite", path: path.join(folder, name, "state.db") });
  try {
    const source = openStorageLogFiles("logs", { kind: "storage-logs", path: logs }, folder);
    const facts = { inventory, uses, runsFrom: undefined };
    const cache = path.join(folder, name, "cache");
    const report = await ingestSource(
      { name: "logs", kind: "storage-logs", open: () => source },
      async () => accessLogDays(source, { engine, cache, facts, home: async () => "1" }),
      {
        store,
        clock: systemClock,
        holder: { host: "here", pid: process.pid, id: name, isAlive: () => true },
        since: undefined,
        until: undefined,
      },
    );
    if (report.failed !== null || report.skipped.length > 0) throw new Error(JSON.stringify(report));
    return report.days.length;
  } finally {
    engine.close();
    await store.close();
  }
}

/** Megabytes of log a second of wall time, medians of runs in turn, page cache warm. */
export async function run(): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  try {
    const logs = path.join(folder, "logs");
    const { files, bytes } = writeLogs(logs);
    const bare: number[] = [];
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const name = `store-${round}`;
      let days = [0, 0];
      const times = [
        await seconds(() => bareScan(files)),
        await seconds(async () => {
          days = [await pass(folder, logs, name), 0];
        }),
        await seconds(async () => {
          days = [days[0] as number, await pass(folder, logs, name)];
        }),
      ] as const;
      if (days[0] !== 1 || days[1] !== 0) throw new Error(`the ingest went wrong: ${days}`);
      if (round === 0) continue; // the first reads from disk
      bare.push(times[0]);
      first.push(times[1]);
      again.push(times[2]);
    }
    const speed = (runs: number[]): number => bytes / 1e6 / median(runs);
    const common = {
      unit: "MB/s",
      baseline: speed(bare),
      baselineName: "DuckDB reading the same ten fields and counting them",
    };
    const what = `${Math.round(bytes / 1e6)} MB of access logs`;
    return [
      headline({ name: `${what} into the store`, value: speed(first), ...common }),
      headline({ name: `${what} that are in the store`, value: speed(again), ...common }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
