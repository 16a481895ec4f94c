/** The same requests in every form that logs are found in give the same groups; nothing is lost and nothing added. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDuckdb } from "../../src/engines/duckdb/open.ts";
import type { AccessAggregate, Engine, ScanTotals } from "../../src/engines/engine.ts";
import { keptLogs } from "../../src/lineage/ingest/kept-logs.ts";
import { findStorageLogs, judgeLog } from "../../src/sources/lineage/storage-logs/find.ts";
import { timeOf } from "../../src/sources/lineage/storage-logs/log-record.ts";
import { openStorageLogFiles } from "../../src/sources/lineage/storage-logs/read.ts";
import { scannableLogs } from "../../src/sources/lineage/storage-logs/scannable.ts";
import { logLine } from "../access-logs.ts";

let folder = "";
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-forms-"));
  engine = await openDuckdb();
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (second: number): string => `2026-09-14T01:00:${String(second).padStart(2, "0")}.0631272Z`;
const CLUSTER = "0914-010000-eie9s9ze";
const LINES = [
  logLine({ time: at(1), operation: "ReadFile", path: "lake/a/k%3D1/part-0?timeout=90", cluster: CLUSTER, bytes: 10 }),
  logLine({ time: at(2), operation: "ListFilesystemDir", path: "lake?directory=caf%C3%A9%2Fb", cluster: CLUSTER }),
  logLine({
    time: at(3),
    operation: "GetBlob",
    path: "lake/b/x?a=1&b=2",
    agent: 'Ünï "q"; <x>',
    category: "StorageRead",
  }),
  logLine({ time: at(4), operation: "PutBlob", path: "lake/b/y", status: 201, category: "StorageWrite", bytes: 3 }),
];
interface Logged {
  time: string;
  category: string;
  operationName: string;
  statusCode: number;
  uri: string;
  properties: Record<string, string | number>;
}
const RECORDS = LINES.map((line) => JSON.parse(line) as Logged);

/** Rows of table StorageBlobLogs. */
const FLAT = RECORDS.map(({ time, category, operationName, statusCode, uri, properties }) => ({
  TimeGenerated: time,
  AccountName: properties.accountName,
  Category: category,
  OperationName: operationName,
  StatusCode: String(statusCode),
  Uri: uri,
  ClientRequestId: properties.clientRequestId,
  UserAgentHeader: properties.userAgentHeader,
  RequestBodySize: properties.requestBodySize,
  ResponseBodySize: properties.responseBodySize,
  Type: "StorageBlobLogs",
}));
const csvCell = (value: unknown): string => `"${String(value ?? "").replaceAll('"', '""')}"`;
const HEADER = Object.keys(FLAT[0] ?? {});
const csvOf = (header: string[]): string =>
  [header.join(","), ...FLAT.map((row) => Object.values(row).map(csvCell).join(","))].join("\r\n");

const html = (value: unknown): string =>
  `"${String(value ?? "")
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")}"`;
/** Lines of Storage Analytics, 30 fields in version 1.0 and 38 in 2.0. */
const classicOf = (version: "1.0" | "2.0"): string =>
  RECORDS.map(({ time, operationName, statusCode, uri, properties }) => {
    const fields = Array.from({ length: version === "1.0" ? 30 : 38 }, () => "");
    Object.assign(fields, [version, time, operationName, "Success", String(statusCode), "5", "4", "authenticated"]);
    fields[11] = html(uri);
    fields[18] = String(properties.requestBodySize ?? "");
    fields[20] = String(properties.responseBodySize ?? "");
    fields[27] = html(properties.userAgentHeader);
    fields[29] = html(properties.clientRequestId);
    return fields.join(";");
  }).join("\n");

const PLAIN = `${LINES.join("\n")}\n`;
const half = PLAIN.indexOf("\n", PLAIN.length / 2) + 1;

async function scan(name: string, content: string | Buffer): Promise<{ groups: string[]; totals: ScanTotals }> {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { files, others, skipped } = await findStorageLogs([file]);
  expect(skipped).toEqual([]);
  const scannable = await scannableLogs(files, others);
  const groups: AccessAggregate[] = [];
  const answer = engine.aggregate({ files: scannable.files, bySecond: [] });
  for (;;) {
    const next = await answer.next();
    if (next.done) {
      await scannable.close();
      expect(scannable.files.map(existsSync)).toEqual(scannable.files.map((one) => one === file));
      return {
        groups: groups.map((group) => JSON.stringify({ ...group, files: [...group.files] })).sort(),
        totals: next.value,
      };
    }
    groups.push(...next.value);
  }
}

describe("forms of an access log", () => {
  const forms: [string, string, string | Buffer, number][] = [
    ["with a byte order mark", "bom.json", `\ufeff${PLAIN}`, 0],
    ["in UTF-16, as PowerShell writes it", "utf16.json", Buffer.from(`\ufeff${PLAIN}`, "utf16le"), 0],
    ["with CRLF and blank lines", "crlf.json", PLAIN.replaceAll("\n", "\r\n\r\n"), 0],
    ["after lines of another kind", "late.json", `started\n\n${PLAIN}`, 1],
    ["gzip without its name", "unnamed.json", gzipSync(PLAIN), 0],
    [
      "gzip of several members",
      "members.json.gz",
      Buffer.concat([gzipSync(PLAIN.slice(0, half)), gzipSync(PLAIN.slice(half))]),
      0,
    ],
    ["a list", "list.json", JSON.stringify(RECORDS), 0],
    ["a list over several lines", "pretty.json", JSON.stringify(RECORDS, null, 2), 0],
    ["objects over several lines", "objects.json", RECORDS.map((one) => JSON.stringify(one, null, 1)).join("\n"), 0],
    ["records of an event hub", "hub.json", JSON.stringify({ records: RECORDS, more: { a: [{}] } }), 0],
    ["records over several lines", "hub-pretty.json", JSON.stringify({ records: RECORDS }, null, 2), 0],
    ["records, some a line", "hub-lines.json", RECORDS.map((one) => JSON.stringify({ records: [one] })).join("\n"), 0],
    [
      "with properties as text",
      "text.json",
      RECORDS.map((one) => JSON.stringify({ ...one, properties: JSON.stringify(one.properties) })).join("\n"),
      0,
    ],
    ["rows of Log Analytics", "PT05M.json", FLAT.map((one) => JSON.stringify(one)).join("\n"), 0],
    ["a list of rows of Log Analytics", "rows.json", JSON.stringify(FLAT, null, 1), 0],
    ["CSV of Log Analytics", "rows.csv", csvOf(HEADER), 0],
    [
      "CSV with names as the portal writes them",
      "portal.csv",
      `\ufeff${csvOf(HEADER.map((name) => (name === "TimeGenerated" ? `"TimeGenerated [UTC]"` : `"${name}"`)))}`,
      0,
    ],
    ["times with blanks and slashes", "slashes.json", PLAIN.replaceAll(/2026-09-14T(\S+?)Z/g, "2026/09/14 $1"), 0],
    ["a record that is cut in a list", "cut.json", `[${LINES.join(",")},${LINES[0]?.slice(0, 90)}`, 1],
    [
      "a record that is cut within records",
      "torn.json",
      `{"records":[${LINES[0]?.slice(0, 90)}\n{"records":[${LINES.join(",")}]}`,
      1,
    ],
    ["a CSV row that is cut", "cut.csv", `${csvOf(HEADER)}\r\n"2026-09-14T01:`, 1],
    ["classic, version 1.0", "000000.log", classicOf("1.0"), 0],
    ["classic, version 2.0", "000001.log", `${classicOf("2.0")}\n2.0;2026-09-14T01:0`, 1],
  ];

  it.each(forms)("%s", async (_, name, content, unreadable) => {
    const plain = await scan("PT1H.json", PLAIN);
    expect(plain.totals).toEqual({ lines: 4, unreadable: 0 });
    const other = await scan(name, content);
    expect(other.groups).toEqual(plain.groups);
    expect(other.totals).toEqual({ lines: 4 + unreadable, unreadable });
  });

  it("reads a gzip file that is cut off as far as it goes", async () => {
    const cut = gzipSync(PLAIN.repeat(500)).subarray(0, -20);
    const { totals } = await scan("cut.json", cut);
    expect(totals.unreadable).toBeGreaterThan(0);
    expect(totals.lines).toBeGreaterThan(0);
  });

  it("counts a record without a time that can be read", async () => {
    const { totals, groups } = await scan("time.json", `${PLAIN}${LINES[0]?.replace(at(1), "yesterday")}\n`);
    expect(totals).toEqual({ lines: 5, unreadable: 1 });
    expect(groups).toEqual((await scan("PT1H.json", PLAIN)).groups);
  });

  it("keeps the good lines beside one that is no UTF-8", async () => {
    const bad = Buffer.from(`${PLAIN}${LINES[0]}\n`);
    bad[bad.lastIndexOf("APN")] = 0xff;
    expect((await scan("latin.json", bad)).totals.lines).toBe(5);
  });

  it("are kept for the store as JSON lines are", async () => {
    const dir = mkdtempSync(path.join(folder, "project-"));
    writeFileSync(path.join(dir, "a.csv"), csvOf(HEADER));
    writeFileSync(path.join(dir, "b.json"), JSON.stringify({ records: RECORDS }));
    writeFileSync(path.join(dir, "c.json"), PLAIN);
    const source = openStorageLogFiles("logs", { kind: "storage-logs", path: "*" }, dir);
    const { units, skipped } = await source.list({ from: undefined, to: undefined, cursor: undefined });
    expect(skipped).toEqual([]);
    const cache = path.join(dir, "cache");
    const kept = keptLogs(source, engine, cache, { clusters: [], nodes: [] });
    await kept.ahead(units.slice(0, 2));
    for (const unit of units) {
      expect(await kept.unit(unit)).toMatchObject({
        lines: 4,
        unreadable: 0,
        days: ["2026-09-14"],
        clusters: [CLUSTER],
      });
    }
    expect(readdirSync(cache).filter((name) => name.startsWith("rewritten-"))).toEqual([]);
  });

  it("says what other files are", async () => {
    const judged = async (name: string, content: string | Buffer) => {
      writeFileSync(path.join(folder, name), content);
      return judgeLog(path.join(folder, name));
    };
    const trail = { Records: [{ eventVersion: "1.08", eventSource: "s3.amazonaws.com", eventName: "GetObject" }] };
    const s3 = `${"79a59df900b949e55d96a1e698fbaced".repeat(2)} bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57 REST.GET.OBJECT a "GET /a HTTP/1.1" 200\n`;
    expect(await judged("trail.json", JSON.stringify(trail))).toMatchObject({
      why: expect.stringContaining("CloudTrail"),
    });
    expect(await judged("s3", s3)).toMatchObject({ why: expect.stringContaining("S3 server access log") });
    expect(await judged("a.parquet", "PAR1....")).toMatchObject({ why: expect.stringContaining("Parquet") });
    expect(await judged("empty.json", "")).toMatchObject({ why: "it is empty" });
    expect(await judged("blank.json.gz", gzipSync("\n \n"))).toMatchObject({ why: "it holds only blank lines" });
    expect(await judged("broken.json.gz", Buffer.from([0x1f, 0x8b, 1, 2, 3]))).toMatchObject({
      why: expect.stringContaining("broken gzip"),
    });
  });
});

it.each([
  ["2018/11/08 21:09:36.6900118", "2018-11-08T21:09:36.6900118Z"],
  ["11/8/2018, 9:09:36.690 PM", "2018-11-08T21:09:36.690Z"],
  ["11/8/2018 12:09:36 AM", "2018-11-08T00:09:36Z"],
  ["2018-11-08T21:09:36+02:00", "2018-11-08T19:09:36.000Z"],
  ["21:09", undefined],
])("reads the time %s", (written, time) => expect(timeOf(written)).toBe(time));
