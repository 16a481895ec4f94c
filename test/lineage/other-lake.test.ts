/** A lake of an older estate: senders known by address only, clocks that differ, folders that hold no rows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDuckdb } from "../../src/engines/duckdb/open.ts";
import type { Engine } from "../../src/engines/engine.ts";
import type { Attributed } from "../../src/lineage/attribute/attribute.ts";
import { attributeLogs } from "../../src/lineage/attribute/room.ts";
import { readDumps } from "../../src/sources/dumps.ts";
import { findStorageLogs } from "../../src/sources/lineage/storage-logs/find.ts";
import { scannableLogs } from "../../src/sources/lineage/storage-logs/scannable.ts";
import { jobRun, type LogLine, logLine } from "../access-logs.ts";

const at = (time: string): string => `2026-10-05T${time}`;
const RATES = "1005-030001-ratesjob";
const LATER = "1005-050001-laterjob";
const SHARED = "0901-060000-teametl1";
const STREAM = "1005-070001-streamsx";

const RUNS = [
  jobRun({ job: 1, run: 10, name: "rates", cluster: RATES, start: at("03:00:00Z"), end: at("03:30:00Z") }),
  jobRun({ job: 2, run: 20, name: "later", cluster: LATER, start: at("05:00:00Z"), end: at("05:30:00Z") }),
  jobRun({ job: 3, run: 30, name: "early", cluster: SHARED, start: at("06:00:00Z"), end: at("06:10:00Z") }),
  jobRun({ job: 4, run: 40, name: "late", cluster: SHARED, start: at("08:00:00Z"), end: at("08:10:00Z") }),
  jobRun({ job: 5, run: 50, name: "stream", cluster: STREAM, start: at("07:00:00Z"), end: at("07:50:00Z") }),
];
const cluster = (id: string, source: string, addresses: string[], from: string, to?: string): object => ({
  cluster_id: id,
  cluster_name: id,
  cluster_source: source,
  start_time: Date.parse(from),
  ...(to === undefined ? {} : { terminated_time: Date.parse(to) }),
  driver: { private_ip: addresses[0] },
  executors: addresses.slice(1).map((private_ip) => ({ private_ip })),
});
/** The second job's cluster got the addresses that the first had given back. */
const CLUSTERS = [
  cluster(RATES, "JOB", ["10.1.1.4", "10.1.1.5"], at("03:00:01Z"), at("03:31:00Z")),
  cluster(LATER, "JOB", ["10.1.1.5", "10.1.1.4"], at("05:00:01Z"), at("05:31:00Z")),
  cluster(SHARED, "UI", ["10.1.2.9"], "2026-09-01T06:00:00Z"),
];
const LAKE = "abfss://lake@acct.dfs.core.windows.net";
const TABLES = [
  ["raw.currency", "wasbs://lake@acct.blob.core.windows.net/raw/currency"],
  ["raw.rates", "wasb://lake@acct.blob.core.windows.net/raw/rates"],
  ["raw.big", `${LAKE}/raw/big`],
  ["raw.encoded", `${LAKE}/raw/with%20space/t`],
  ["raw.literal", `${LAKE}/raw/100%25/t`],
  ["one.name", `${LAKE}/one`],
  ["other.name", `${LAKE}/one/`],
  ["s.source", `${LAKE}/s/source`],
];

const wasb = (time: string, operation: string, where: string, address: string, more: Partial<LogLine> = {}): string =>
  logLine({ time, operation, path: `lake/${where}`, address, agent: "WASB/3.3 (null) Azure-Storage/7.0.1", ...more });
const abfs = (time: string, operation: string, where: string, sender: string): string =>
  logLine({ time, operation, path: where, cluster: sender, bytes: 9 });
const classic = (time: string, operation: string, where: string, address: string): string => {
  const fields = Array.from({ length: 30 }, () => "");
  Object.assign(fields, ["1.0", time, operation, "Success", "200"]);
  fields[11] = `"https://acct.blob.core.windows.net:443/lake/${where}?sv=1&amp;sig=XXXXX"`;
  fields[15] = `${address}:1042`;
  return fields.join(";");
};
const rows = (lines: readonly string[][]): string =>
  ["TimeGenerated [UTC],OperationName,Uri,StatusCode,CallerIpAddress", ...lines.map((line) => line.join(","))].join(
    "\n",
  );

const LOGS: Record<string, string> = {
  "diagnostic.json": [
    wasb(at("03:05:00.1Z"), "GetBlob", "raw/currency/part-1", "10.1.1.5:40001"),
    wasb(at("03:06:00.1Z"), "PutBlockList", "_$azuretmpfolder$/5e1part-1", "10.1.1.5:40001", { status: 201 }),
    wasb(at("03:06:00.2Z"), "CopyBlobSource", "_$azuretmpfolder$/5e1part-1", "10.1.1.5:40001", { status: 202 }),
    wasb(at("03:06:00.2Z"), "CopyBlob", "raw/rates/part-1", "10.1.1.5:40001", { status: 202 }),
    wasb(at("06:06:00.1Z"), "GetBlob", "one/part-7", "10.1.2.9:40001"),
    wasb(at("06:05:00.1Z"), "GetBlob", "raw/currency/part-1", "10.1.2.9:40001"),
    // nobody's node, nobody's time
    wasb(at("06:05:00.1Z"), "GetBlob", "raw/big/part-1", "10.9.9.9:40001"),
    wasb(at("04:05:00.1Z"), "GetBlob", "raw/big/part-1", "10.1.1.5:40001"),
    // the storage's clock is a little behind, a little ahead
    abfs(at("05:59:58.9Z"), "ReadFile", "lake/raw/with%20space/t/part-1", SHARED),
    abfs(at("08:10:01.2Z"), "ReadFile", "lake/raw/100%2525/t/part-1", SHARED),
    abfs(at("08:20:00.0Z"), "ReadFile", "lake/raw/big/part-1", SHARED),
    // a stream: what it reads, where it keeps its place (once below the table itself), what it writes
    abfs(at("07:10:00.0Z"), "ReadFile", "lake/s/source/part-1", STREAM),
    abfs(at("07:10:01.0Z"), "ReadFile", "lake/cp/orders/metadata", STREAM),
    abfs(at("07:10:02.0Z"), "RenamePathFile", "lake/cp/orders/offsets/17", STREAM),
    abfs(at("07:10:02.0Z"), "AppendFile", "lake/cp/orders/state/0/3/17.delta", STREAM),
    abfs(at("07:10:02.0Z"), "RenamePathFile", "lake/s/source/cp/commits/17", STREAM),
    abfs(at("07:10:03.0Z"), "AppendFile", "lake/_out/daily/part-1.csv", STREAM),
    abfs(at("07:10:03.5Z"), "ReadFile", "lake/plain/metadata", STREAM),
  ].join("\n"),
  // OPTIMIZE by the older driver: its commit is a copy
  "classic.log": [
    classic(at("05:10:00.1Z"), "GetBlob", "raw/big/part-1", "10.1.1.4"),
    classic(at("05:10:01.1Z"), "CopyBlob", "raw/big/part-2", "10.1.1.4"),
    classic(at("05:10:02.1Z"), "CopyBlob", "raw/big/_delta_log/00000000000000000002.json", "10.1.1.4"),
  ].join("\n"),
  "StorageBlobLogs.csv": rows([
    [
      at("03:07:00.1Z"),
      "GetBlob",
      "https://acct.blob.core.windows.net:443/lake/raw/rates/part-0",
      "206",
      "10.1.1.4:99",
    ],
  ]),
};

let folder = "";
let engine: Engine;
let found: Attributed;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-other-lake-"));
  const put = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const logs = Object.entries(LOGS).map(([name, text]) => put(name, `${text}\n`));
  const dumps = await readDumps([
    put("runs.json", JSON.stringify({ runs: RUNS })),
    put("clusters.json", JSON.stringify({ clusters: CLUSTERS })),
    put("tables.csv", ["table,location", ...TABLES.map((cells) => cells.join(","))].join("\n")),
  ]);
  const { files, others, skipped } = await findStorageLogs(logs);
  expect([skipped, dumps.skipped]).toEqual([[], []]);
  engine = await openDuckdb();
  const scannable = await scannableLogs(files, others);
  found = await attributeLogs(engine, { files: scannable.files }, dumps);
  await scannable.close();
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const told = (): string[] =>
  found.edges.map((edge) => {
    const what = edge.table ?? edge.tableCandidates?.join("|") ?? edge.dataset.name;
    return [edge.jobName, edge.access, what, edge.attribution, edge.self && "self"].filter(Boolean).join(" ");
  });

it("finds each job's edges and no other", () => {
  expect(told().sort()).toEqual([
    "early read one.name|other.name inferred",
    "early read raw.currency inferred",
    "early read raw.encoded window",
    "late read raw.literal window",
    "later maintenance raw.big inferred",
    "rates read raw.currency inferred",
    "rates read raw.rates inferred self",
    "rates write raw.rates inferred",
    "stream read plain exclusive",
    "stream read s.source exclusive",
    "stream write _out/daily exclusive",
  ]);
});

it("gives nobody what an address alone does not tell", () => {
  expect(found.unattributed.map(({ reason, table, requests }) => [reason, table, requests])).toEqual([
    ["no cluster id", "raw.big", 2],
    ["no run at that time", "raw.big", 1],
  ]);
});
