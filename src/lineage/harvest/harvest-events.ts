/** The harvest as a function of the library. */
import type { HarvestCounts } from "./counts.ts";
import { createHarvest } from "./harvest.ts";

/**
 * Finds OpenLineage events in the lines of any log: console transports of Spark, Airflow, dbt and others with any text
 * around them, JSON loggers, printed over several lines or cut into several, and the JSON of CloudWatch answers.
 * What is read is not kept: logs may be larger than memory.
 *
 * @param lines of one log, without line feeds
 * @yields every event once, as JSON on one line, unchanged but for unescaping
 * @returns the figures of the harvest
 */
export async function* harvestEvents(
  lines: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, HarvestCounts, undefined> {
  let found: string[] = [];
  const harvest = createHarvest((event) => found.push(event));
  const reader = harvest.open("text");
  const taken = (): string[] => {
    const events = found;
    found = [];
    return events;
  };
  if (Symbol.iterator in lines) {
    for (const line of lines) {
      reader.line(line);
      if (found.length > 0) yield* taken();
    }
  } else {
    for await (const line of lines) {
      reader.line(line);
      if (found.length > 0) yield* taken();
    }
  }
  reader.end();
  yield* taken();
  return { ...harvest.counts };
}
