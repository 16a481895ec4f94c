/** What `headgate --help` costs over bare Node. */
import path from "node:path";
import { compareCpu } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const MAIN = path.resolve(import.meta.dirname, "../dist/main.js");

/** Median CPU (user and system) of 15 runs of each, in turn. The limit is 2.5 times bare Node. */
export async function run(): Promise<Headline[]> {
  const { cpuMs, baselineMs } = await compareCpu([MAIN, "--help"], ["-e", "0"], 15);
  return [
    headline({
      name: "help cpu",
      value: cpuMs,
      unit: "ms",
      baseline: baselineMs,
      baselineName: "node -e 0",
      limit: 2.5 * baselineMs,
    }),
  ];
}
