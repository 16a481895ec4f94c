/** What attributing access logs costs, against DuckDB reading the same fields of the same files and counting them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDuckdb } from "../src/engines/duckdb/open.ts";
import { attributeLogs } from "../src/lineage/attribute/room.ts";
import { bareScan, inventory, seconds, uses, writeLogs } from "./measure/access-logs.ts";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const ROUNDS = 3;

/** Megabytes of log a second of wall time, medians of runs in turn, page cache warm. */
export async function run(): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  try {
    const { files, bytes, lines } = writeLogs(folder);
    const attribute = async (): Promise<void> => {
      const engine = await openDuckdb();
      const { edges, coverage } = await attributeLogs(engine, { files }, { inventory, uses });
      engine.close();
      if (edges.length === 0 || coverage.requests !== lines) throw new Error("the attribution went wrong");
    };
    const bare: number[] = [];
    const mine: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const times = [await seconds(() => bareScan(files)), await seconds(attribute)] as const;
      if (round === 0) continue; // the first reads from disk
      bare.push(times[0]);
      mine.push(times[1]);
    }
    const speed = (runs: number[]): number => bytes / 1e6 / median(runs);
    return [
      headline({
        name: `${Math.round(bytes / 1e6)} MB of access logs attributed`,
        value: speed(mine),
        unit: "MB/s",
        baseline: speed(bare),
        baselineName: "DuckDB reading the same ten fields and counting them",
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
