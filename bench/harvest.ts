/** What finding events costs in logs that hold none, against reading the same lines without looking. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Measured, measureNode, median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const MAIN = path.resolve(import.meta.dirname, "../dist/main.js");
const READ_ONLY = path.join(import.meta.dirname, "measure/read-lines.mjs");
const MEGABYTES = 128;
const ROUNDS = 3;

/** What a Spark driver says; one line in six has a brace, as in the logs that were looked at. */
const spark = (n: number): string =>
  [
    `26/11/21 10:05:${n % 60} INFO TaskSetManager: Finished task ${n % 200}.0 in stage ${n}.0 (TID ${n}) in ${n % 977} ms on 10.0.0.7 (executor driver) (${n % 200}/200)`,
    `26/11/21 10:05:${n % 60} INFO BlockManagerInfo: Added broadcast_${n}_piece0 in memory on 10.0.0.7:40123 (size: 34.5 KiB, free: 434.4 MiB)`,
    `26/11/21 10:05:${n % 60} INFO MemoryStore: Block broadcast_${n} stored as values in memory (estimated size 201.9 KiB, free 434.2 MiB)`,
    `26/11/21 10:05:${n % 60} INFO CodeGenerator: Code generated in ${n % 91}.${n % 7} ms: public Object generate(Object[] references) { return new GeneratedIteratorForCodegenStage${n}(references); }`,
    `26/11/21 10:05:${n % 60} INFO FileScanRDD: Reading File path: file:///data/lake/bronze/orders/part-${n}.snappy.parquet, range: 0-${n * 31}, partition values: [${n}]`,
    `\tat org.apache.spark.sql.execution.SparkPlan.$anonfun$execute$1(SparkPlan.scala:${n % 400})`,
  ].join("\n");

/** What a JSON logger makes of it: every line is an object. */
const json = (n: number): string =>
  spark(n)
    .split("\n")
    .map((message) =>
      JSON.stringify({
        "@timestamp": `2026-11-21T10:05:${n % 60}.187Z`,
        "ecs.version": "1.2.0",
        "log.level": "INFO",
        message,
        "process.thread.name": "main",
        "log.logger": "org.apache.spark.storage.BlockManager",
      }),
    )
    .join("\n");

/** Writes a log of {@link MEGABYTES}. */
function writeLog(file: string, lines: (n: number) => string): void {
  const handle = openSync(file, "w");
  for (let written = 0, n = 0; written < MEGABYTES << 20; ) {
    let text = "";
    for (; text.length < 1 << 20; n++) text += `${lines(n)}\n`;
    written += writeSync(handle, text);
  }
  closeSync(handle);
}

/** Megabytes a second of CPU time in both kinds of noise, and the peak memory. Medians of runs in turn. */
export async function run(): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  const file = path.join(folder, "noise.log");
  const answers: Headline[] = [];
  try {
    for (const [kind, lines] of [
      ["plain noise", spark],
      ["JSON noise", json],
    ] as const) {
      writeLog(file, lines);
      const mine: Measured[] = [];
      const bare: Measured[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        bare.push(await measureNode([READ_ONLY, file]));
        const harvest = await measureNode([MAIN, "lineage", "harvest", file]);
        if (harvest.exitCode !== 0 || harvest.stdout !== "")
          throw new Error(`the harvest went wrong: ${harvest.stderr}`);
        mine.push(harvest);
      }
      const speed = (runs: Measured[]): number => MEGABYTES / (median(runs.map(({ cpuMs }) => cpuMs)) / 1_000);
      answers.push(
        headline({
          name: `${kind} harvested`,
          value: speed(mine),
          unit: "MB/s of CPU",
          baseline: speed(bare),
          baselineName: "reading the same lines without looking",
        }),
      );
      if (lines === json) {
        answers.push(
          headline({
            name: `${MEGABYTES} MB peak memory`,
            value: median(mine.map(({ peakMb }) => peakMb)),
            unit: "MB",
            baseline: median(bare.map(({ peakMb }) => peakMb)),
            baselineName: "reading the same lines without looking",
            limit: 250,
          }),
        );
      }
    }
    return answers;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
