/** Reads files of runs, clusters, tables and mounts in any mix: each is recognised by what is in it. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { ClusterInfo, ClusterUses } from "../model/cluster-use.ts";
import type { InventoryTable, Mount, TableInventory } from "../model/table-inventory.ts";
import { encodingOf } from "../util/byte-order-mark.ts";
import { parseJson } from "../util/int64-json.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { filesUnder } from "./files-under.ts";
import { mapCsv } from "./inventory/csv/map.ts";
import { mapDatabases, mapHmsTable } from "./inventory/hms/map.ts";
import { csvRecords } from "./inventory/parse-csv.ts";
import { mapMounts } from "./inventory/ucx/map.ts";
import { mapRuns, recogniseDump } from "./runs/dump/map.ts";

/** What was read, and what was not. */
export interface Dumps {
  uses: ClusterUses;
  inventory: TableInventory;
  /** Each file with what it holds: `57 runs`. */
  read: { file: string; holds: string }[];
  skipped: { file: string; why: string }[];
}

/** All that files gave, before it is put together. */
interface Found {
  runs: JsonObject[];
  jobNames: Map<string, string>;
  clusters: ClusterInfo[];
  tables: InventoryTable[];
  mounts: Mount[];
  databases: Map<string, string>;
}

/** Longer texts are none for JavaScript (V8: about 2^29 characters). */
const MOST_TEXT = 500_000_000;

/** Answers of list calls hold their records under one of these. */
const ENVELOPES = ["runs", "jobs", "clusters", "events", "tables"];

/** Records of a JSON document or of JSON lines; undefined where the text is neither. */
function jsonRecords(text: string): Json[] | undefined {
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (!/^[[{]/.test(trimmed)) return undefined;
  const documents =
    parsed(() => [parseJson(trimmed)]) ?? parsed(() => trimmed.split(/\r?\n/).filter(Boolean).map(parseJson));
  return documents?.flatMap((document): Json[] => {
    if (Array.isArray(document)) return document;
    const envelope = isObject(document) ? ENVELOPES.map((key) => document[key]).find(Array.isArray) : undefined;
    return envelope ?? [document];
  });
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Takes one JSON record in. @returns what it is, or undefined */
function takeRecord(record: Json, found: Found): string | undefined {
  const dump = recogniseDump(record);
  if (dump !== undefined) {
    if (dump.kind === "run") found.runs.push(dump.run);
    if (dump.kind === "job") found.jobNames.set(dump.jobId, dump.name);
    if (dump.kind === "cluster") found.clusters.push(dump.cluster);
    return dump.kind;
  }
  const table = mapHmsTable(record);
  if (table !== undefined) {
    found.tables.push(table);
    return "table";
  }
  const databases = mapDatabases(record);
  for (const [name, location] of databases ?? []) found.databases.set(name, location);
  return databases === undefined ? undefined : "list of databases";
}

function takeCsv(text: string, found: Found): Map<string, number> {
  const { header, records } = csvRecords(text);
  const mounts = mapMounts(header, records);
  if (mounts !== undefined) {
    found.mounts.push(...mounts);
    return new Map([["mount", mounts.length]]);
  }
  const tables = mapCsv(header, records);
  if (tables === undefined) return new Map();
  found.tables.push(...tables);
  const partitions = tables.filter((table) => table.partitions.length > 0).length;
  return new Map([[partitions > 0 ? "partition" : "table", tables.length]]);
}

/** Counts by kind of what a file holds; empty where it is nothing known. */
function take(text: string, found: Found): Map<string, number> {
  const records = jsonRecords(text);
  if (records === undefined) return takeCsv(text, found);
  const counts = new Map<string, number>();
  for (const record of records) {
    const kind = takeRecord(record, found);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Tables by name and location, each once, with all partitions; managed tables below their database's location. */
function mergeTables(found: Found): InventoryTable[] {
  const byName = new Map<string, InventoryTable[]>();
  for (const table of found.tables) byName.set(table.name, [...(byName.get(table.name) ?? []), table]);
  return [...byName.values()].flatMap((all): InventoryTable[] => {
    const { name } = all[0] as InventoryTable;
    const type = all.find((table) => table.type !== null)?.type ?? null;
    const partitions = [...new Set(all.flatMap((table) => table.partitions))];
    const written = [...new Set(all.flatMap(({ location }) => (location === null ? [] : [location])))];
    const database = found.databases.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
    const derived =
      written.length === 0 && type === "MANAGED" && database !== undefined
        ? [`${database.replace(/\/$/, "")}/${name.slice(name.lastIndexOf(".") + 1)}`]
        : written;
    const sizes = all.flatMap(({ bytes }) => bytes ?? []);
    const size = sizes.length > 0 ? { bytes: Math.max(...sizes) } : {};
    if (derived.length === 0) return [{ name, location: null, type, partitions, ...size }];
    return derived.map((location) => ({ name, location, type, partitions, ...size }));
  });
}

/** The text of a file, gzip by its content; UTF-16 by its mark, as PowerShell writes it. */
function textOf(bytes: Buffer): { text: string } | { why: string } {
  let plain = bytes;
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) plain = gunzipSync(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
    return { why: `broken gzip (${(error as Error).message})` };
  }
  if (plain.length > MOST_TEXT) return { why: "too large for a file of runs or tables" };
  return { text: new TextDecoder(encodingOf(plain)).decode(plain) };
}

const described = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`).join(", ");

/**
 * Reads all files below the paths.
 * @param paths absolute
 * @throws HeadgateError `not_found` for a path that does not exist
 */
export async function readDumps(paths: readonly string[]): Promise<Dumps> {
  const found: Found = {
    runs: [],
    jobNames: new Map(),
    clusters: [],
    tables: [],
    mounts: [],
    databases: new Map(),
  };
  const read: Dumps["read"] = [];
  const skipped: Dumps["skipped"] = [];
  for (const file of await filesUnder(paths)) {
    const content = textOf(await readFile(file));
    if ("why" in content) {
      skipped.push({ file, why: content.why });
      continue;
    }
    const counts = take(content.text, found);
    if (counts.size > 0) read.push({ file, holds: described(counts) });
    else skipped.push({ file, why: "neither runs, jobs or clusters nor tables, partitions or mounts" });
  }
  return {
    uses: { tasks: mapRuns(found.runs, found.jobNames), clusters: found.clusters, jobNames: found.jobNames },
    inventory: { tables: mergeTables(found), mounts: found.mounts },
    read,
    skipped,
  };
}
