/** Access logs to measure with: written for the purpose, as wide as real ones; and the bare scan that they are compared with. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { scanSource } from "../../src/engines/duckdb/statement.ts";
import type { ClusterUses } from "../../src/model/cluster-use.ts";
import type { TableInventory } from "../../src/model/table-inventory.ts";

const FILES = 48;
const LINES = 2_600;
const TABLES = 400;
const CLUSTERS = 200;

const clusterOf = (n: number): string => `0914-0${n % 10}0000-c${String(n % CLUSTERS).padStart(6, "0")}x`;
const operations = [
  "GetPathStatus",
  "GetPathStatus",
  "ReadFile",
  "ListFilesystemDir",
  "ReadFile",
  "AppendFile",
  "FlushFile",
];

/** A line as long and as wide as those of a Spark cluster under Azure RBAC: about 2 KB. */
function line(n: number): string {
  const operation = operations[n % operations.length] as string;
  const table = `t${(n * 7) % TABLES}`;
  const time = `2026-09-14T${String(n % 24).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}:00.${n % 10_000_000}Z`;
  const listing = operation.startsWith("List");
  const file =
    n % 3 === 0 ? "_delta_log/00000000000000000007.json" : `day%3D${n % 30}/part-${n % 500}-c000.snappy.parquet`;
  return JSON.stringify({
    time,
    resourceId: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/acct/blobServices/default`,
    category: operation.startsWith("A") || operation.startsWith("F") ? "StorageWrite" : "StorageRead",
    operationName: operation,
    operationVersion: "2021-06-08",
    schemaVersion: "1.0",
    statusCode: n % 12 === 0 ? 404 : 200,
    statusText: "Success",
    durationMs: n % 90,
    callerIpAddress: `10.139.${n % 200}.4:${n % 60_000}`,
    correlationId: `a0b1c2d3-0000-0000-0000-${String(n).padStart(12, "0")}`,
    identity: {
      type: "OAuth",
      tokenHash: "C8E083E6B8D71A755D4DECE30FBBE80948E0171FA6DE34778B9F45A630E909C7",
      authorization: ["read", "write", "delete"].map((action) => ({
        action: `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
        roleAssignmentId: "aecf293c-87c5-41ec-a9cf-9029d17dfb4c",
        principals: [{ id: "49b0761a-a1aa-4a9b-ad41-4344bf0cdf4a", type: "ServicePrincipal" }],
        type: "RBAC",
        result: "Granted",
      })),
      requester: { appId: "59973a93-bdfe-47ce-a063-bb62d4ca91d7", audience: "https://storage.azure.com/" },
    },
    location: "westeurope",
    properties: {
      accountName: "acct",
      userAgentHeader: "APN/1.0 Azure Blob FS/3.3 (AzulSystems,Inc. JavaJRE 1.8.0_392; Linux 5.15.0) databricks",
      clientRequestId: `${clusterOf(n)}--1--2--3:b29c059a-65ef-44a7-af17-604d655ad822:cea323e2-ab8b:57e70e12::RE:0`,
      serviceType: "blob",
      objectKey: `/acct/lake/${table}/${file}`,
      serverLatencyMs: 3,
      requestHeaderSize: 710,
      responseHeaderSize: 436,
      responseBodySize: n % 4_000,
      tlsVersion: "TLS 1.2",
    },
    uri: listing
      ? `https://acct.dfs.core.windows.net/lake?resource=filesystem&maxResults=500&directory=${table}&recursive=false`
      : `https://acct.dfs.core.windows.net/lake/${table}/${file}?timeout=90`,
    protocol: "HTTPS",
    resourceType: "Microsoft.Storage/storageAccounts/blobServices",
  });
}

/** Tables the logs are about. */
export const inventory: TableInventory = {
  tables: Array.from({ length: TABLES }, (_, i) => ({
    name: `db.t${i}`,
    location: `abfss://lake@acct.dfs.core.windows.net/t${i}`,
    type: "EXTERNAL",
    partitions: [],
  })),
  mounts: [],
};
const DAY = Date.UTC(2026, 8, 14);
/** Runs that sent their requests. */
export const uses: ClusterUses = {
  clusters: [],
  jobNames: new Map(),
  tasks: Array.from({ length: CLUSTERS * 10 }, (_, i) => ({
    workspaceId: "1",
    jobId: String(i),
    jobName: `job ${i}`,
    runId: String(i),
    taskKey: "main",
    attempt: 0,
    clusterId: clusterOf(i),
    runStart: DAY,
    start: DAY,
    end: DAY + 86_400_000,
  })),
};

/** Seconds of wall time that something takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Reads every field of {@link scanSource} and counts the values. */
export async function bareScan(files: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const fields = ["clientRequestId", "userAgentHeader", "requestBodySize", "responseBodySize", "contentLengthHeader"];
  const counts = [
    "time",
    "category",
    "operationName",
    "statusCode",
    "uri",
    ...fields.map((name) => `properties.${name}`),
  ];
  await connection.run(`select ${counts.map((name) => `count(${name})`).join(", ")} from ${scanSource(files)}`);
  connection.closeSync();
  instance.closeSync();
}

/** Writes the logs. @returns their files, absolute, and all their bytes */
export function writeLogs(folder: string): { files: string[]; bytes: number; lines: number } {
  mkdirSync(folder, { recursive: true });
  let bytes = 0;
  const files = Array.from({ length: FILES }, (_, file) => {
    const name = path.join(folder, `PT1H-${file}.json`);
    const text = `${Array.from({ length: LINES }, (_line, n) => line(file * LINES + n)).join("\n")}\n`;
    writeFileSync(name, text);
    bytes += Buffer.byteLength(text);
    return name;
  });
  return { files, bytes, lines: FILES * LINES };
}
