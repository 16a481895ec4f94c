import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { harvestBytes } from "../../../test/openlineage-events.ts";

const folder = new URL("../../../../shared/data/openlineage/", import.meta.url);
const present = existsSync(new URL("index.json", folder));
if (!present) console.log("skipped: no shared/data/openlineage beside the repository");

interface Corpus {
  name: string;
  truth: string | string[];
  logs?: (string | { file: string })[];
  file?: string;
  expected?: { events: number };
  recoverableVerbatim?: number;
}

const read = (name: string): Buffer => {
  const bytes = readFileSync(new URL(name, folder));
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
};

/** What is harvested together, and how many events must come of it. */
function cases(corpora: Corpus[]): { name: string; files: string[]; truth: string[]; expected: number }[] {
  return corpora.flatMap(({ name, truth, logs, file, expected, recoverableVerbatim }) => {
    const corpus = {
      name,
      truth: [truth].flat().map((one) => `truth/${one.replace(/^truth\/|\.ndjson$/g, "")}.ndjson`),
    };
    if (file !== undefined) return [{ ...corpus, files: [file], expected: recoverableVerbatim ?? 0 }];
    const names = (logs ?? []).map((log) => (typeof log === "string" ? log : log.file));
    // the logs of Airflow make one corpus together; each of Spark's is the whole corpus in another layout
    const whole = (logs ?? []).every((log) => typeof log === "object");
    const sets = whole ? names.map((one) => [one]) : [names];
    return sets.map((files) => ({
      ...corpus,
      name: files.length > 1 ? name : String(files),
      files,
      expected: expected?.events ?? 0,
    }));
  });
}

const { corpora } = present
  ? (JSON.parse(read("index.json").toString()) as { corpora: Corpus[] })
  : { corpora: [] as Corpus[] };

describe.skipIf(!present)("logs of real producers", () => {
  it.each(cases(corpora))("$name", ({ name, files, truth, expected }) => {
    const known = new Set(
      truth.flatMap((file) =>
        read(file)
          .toString("utf8")
          .split("\n")
          .filter((line) => line !== ""),
      ),
    );
    const { events, counts } = harvestBytes(files.map(read));
    const found = events.filter((event) => known.has(event)).length;
    const { lines, reassembled, duplicates } = counts;
    console.log(
      `${name}: ${found} of ${expected} found, ${events.length - found} invented (${lines} lines, ${reassembled} put together, ${duplicates} repeated)`,
    );
    expect(expected).toBeGreaterThan(0);
    expect({ found, invented: events.length - found }).toEqual({ found: expected, invented: 0 });
    expect(counts).toMatchObject({ truncated: 0, invalid: 0 });
  });

  it("all of them together give every event of every truth once", () => {
    const truth = cases(corpora).flatMap((one) => one.truth);
    const known = new Set(
      truth.flatMap((file) =>
        read(file)
          .toString("utf8")
          .split("\n")
          .filter((line) => line !== ""),
      ),
    );
    const { events } = harvestBytes(cases(corpora).flatMap(({ files }) => files.map(read)));
    expect(events).toHaveLength(known.size);
    expect(events.filter((event) => !known.has(event))).toEqual([]);
  });
});
