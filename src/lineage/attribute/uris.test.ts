/** Every awkward form of a storage URI finds its tables. Cases: `../shared/data/storage-logs/uris.ndjson`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { indexLocations } from "./locations.ts";
import { parseUri } from "./storage-path.ts";

const FILE = path.resolve(import.meta.dirname, "../../../../shared/data/storage-logs/uris.ndjson");

interface Case {
  group: string;
  uri: string;
  tables: { name: string; location: string; partitions?: string[] }[];
  mounts?: { name: string; source: string }[];
  expect: string[];
  kind: string;
}

const cases = existsSync(FILE)
  ? readFileSync(FILE, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Case)
  : [];
if (cases.length === 0) console.log(`skipped: ${FILE} is not there`);

describe.skipIf(cases.length === 0)("storage URIs", () => {
  it(`are ${cases.length} cases`, () => expect(cases).toHaveLength(99));

  it.each(cases.map((one, i) => [`${i + 1} ${one.group} ${one.uri}`, one] as const))("%s", (_name, one) => {
    const locations = indexLocations({
      tables: one.tables.map(({ name, location, partitions = [] }) => ({ name, location, type: null, partitions })),
      mounts: one.mounts ?? [],
    });
    const place = parseUri(one.uri);
    expect(place).toBeDefined();
    const found = place && locations.find(place);
    const names = found?.tables.flatMap((table) => table.names).sort();
    expect(names).toEqual([...one.expect].sort());
    expect(names?.length === 0 ? "none" : found?.kind).toBe(one.kind);
  });
});
