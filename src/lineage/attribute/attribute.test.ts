/** The rules of attribution on small worlds made by hand. */
import { describe, expect, it } from "vitest";
import type { AccessAggregate } from "../../engines/engine.ts";
import type { ClusterUses, TaskUse } from "../../model/cluster-use.ts";
import type { InventoryTable } from "../../model/table-inventory.ts";
import type { Attributed } from "./attribute.ts";
import { attributeAccess } from "./attribute-access.ts";
import { confidenceOf } from "./edges.ts";

const CLUSTER = "0914-010000-eie9s9ze";
const SHARED = "0831-074512-pooch317";
const DAY = "2026-09-14T";
const at = (time: string): number => Date.parse(`${DAY}${time}Z`);

const task = (jobId: string, more: Partial<TaskUse> = {}): TaskUse => ({
  workspaceId: "1",
  jobId,
  jobName: `job ${jobId}`,
  runId: `${jobId}1`,
  taskKey: "main",
  attempt: 0,
  clusterId: CLUSTER,
  runStart: at("01:00:00"),
  start: at("01:02:00"),
  end: at("01:30:00"),
  ...more,
});

const table = (name: string, place: string, partitions: string[] = []): InventoryTable => ({
  name,
  location: `abfss://lake@acct.dfs.core.windows.net/${place}`,
  type: "EXTERNAL",
  partitions: partitions.map((one) => `abfss://lake@acct.dfs.core.windows.net/${one}`),
});

const request = (operation: string, path: string, more: Partial<AccessAggregate> = {}): AccessAggregate => ({
  cluster: CLUSTER,
  client: null,
  category: "StorageRead",
  operation,
  status: "200",
  uri: `https://acct.dfs.core.windows.net/lake/${path}`,
  requests: 1,
  bytesRead: 100,
  bytesWritten: 100,
  files: [1],
  first: `${DAY}01:10:00.0000000Z`,
  last: `${DAY}01:11:00.0000000Z`,
  ...more,
});

const TABLES = [table("a", "a"), table("b", "b")];

function run(
  groups: AccessAggregate[],
  tasks: TaskUse[] = [task("7")],
  tables: InventoryTable[] = TABLES,
  clusters: ClusterUses["clusters"] = [],
): Attributed {
  const uses: ClusterUses = { tasks, clusters, jobNames: new Map([["9", "nine"]]) };
  return attributeAccess(groups, { uses, inventory: { tables, mounts: [] } });
}

const told = ({ edges }: Attributed): string[] =>
  edges.map(({ jobId, table: name, dataset, access, self, unproven }) =>
    [jobId, access, name ?? dataset.name, self && "self", unproven && "unproven"].filter(Boolean).join(" "),
  );

const COMMIT = "_delta_log/00000000000000000007.json";

describe("what requests mean", () => {
  it.each<[string, AccessAggregate[], string[]]>([
    ["a read of rows", [request("ReadFile", "a/x.parquet", { status: "206" })], ["7 read a"]],
    ["a read of a blob", [request("GetBlob", "a/000000_0")], ["7 read a"]],
    ["a read of the log alone", [request("ReadFile", "a/_delta_log/00000000000000000007.crc")], ["7 metadata a"]],
    ["a probe", [request("GetPathStatus", "a", { status: "404" }), request("ReadFile", "a/x", { status: "404" })], []],
    [
      "a lost race and a retry",
      [request("AppendFile", "a/x", { status: "409" }), request("ReadFile", "a/x", { status: "503" })],
      [],
    ],
    ["a denied read", [request("ReadFile", "a/x", { status: "403" })], ["7 denied a"]],
    ["a write in place", [request("AppendFile", "a/x", { status: "202" })], ["7 write a"]],
    ["a rename into place", [request("RenamePathFile", "a/day%3D1/x", { status: "201" })], ["7 write a"]],
    ["a folder renamed to the table", [request("RenamePathDir", "a", { status: "201" })], ["7 write a"]],
    ["a commit", [request("RenamePathFile", `a/${COMMIT}`, { status: "201" })], ["7 write a"]],
    [
      "bytes in staging",
      [request("AppendFile", "a/_temporary/0/_temporary/attempt_1/x", { status: "202" })],
      ["7 write a"],
    ],
    ["markers", [request("AppendFile", "a/_SUCCESS", { status: "202" }), request("RenamePathFile", "a/.x.crc")], []],
    ["Spark's placeholder", [request("DeleteDirectory", "w/a-__PLACEHOLDER__")], []],
    ["a path of no table", [request("ReadFile", "c/day%3D1/x.csv")], ["7 read c"]],
    [
      "MERGE: target and source are read",
      [
        request("ReadFile", "a/x"),
        request("ReadFile", "b/x"),
        request("AppendFile", "b/y"),
        request("RenamePathFile", `b/${COMMIT}`),
      ],
      ["7 read a", "7 read b self", "7 write b"],
    ],
    [
      "OPTIMIZE, or an UPDATE: nothing else is read",
      [
        request("ReadFile", "a/x"),
        request("AppendFile", "a/y", { files: [2] }),
        request("RenamePathFile", `a/${COMMIT}`),
      ],
      ["7 maintenance a unproven"],
    ],
    [
      "OPTIMIZE of two tables: neither is an input of the other",
      ["a", "b"].flatMap((of, index) => [
        request("ReadFile", `${of}/x`, { files: [index] }),
        request("AppendFile", `${of}/y`, { files: [index + 10] }),
        request("RenamePathFile", `${of}/${COMMIT}`, { files: [] }),
      ]),
      ["7 maintenance a unproven", "7 maintenance b unproven"],
    ],
    [
      "a staging table, whose own files are read, then MERGE from it",
      [
        request("AppendFile", "a/x"),
        request("RenamePathFile", `a/${COMMIT}`, { files: [] }),
        request("ReadFile", "a/x"),
        request("ReadFile", "b/x", { files: [2] }),
        request("AppendFile", "b/y", { files: [3] }),
        request("RenamePathFile", `b/${COMMIT}`, { files: [] }),
      ],
      ["7 read a self", "7 read b self", "7 write a", "7 write b"],
    ],
    [
      "VACUUM: files go, none comes",
      [request("DeleteFile", "a/x"), request("RenamePathFile", `a/${COMMIT}`), request("ReadFile", `a/${COMMIT}`)],
      ["7 maintenance a"],
    ],
  ])("%s", (_what, groups, edges) => {
    expect(told(run(groups)).sort()).toEqual(edges);
  });

  it("counts operations it does not know and makes nothing of them", () => {
    const found = run([request("TeleportFile", "a/x", { requests: 3 })]);
    expect(found.edges).toEqual([]);
    expect(found.coverage.unknownOperations).toEqual([{ operation: "TeleportFile", requests: 3 }]);
  });
});

describe("whose requests they are", () => {
  const read = request("ReadFile", "a/x");

  it("gives all of a run's own cluster to its job, and to the task of that time", () => {
    const tasks = [
      task("7", { taskKey: "one", end: at("01:05:00") }),
      task("7", { taskKey: "two", start: at("01:06:00") }),
    ];
    const [edge] = run([read], tasks).edges;
    expect(edge).toMatchObject({ jobId: "7", taskKey: "two", attribution: "exclusive", candidates: [] });
    const late = request("ReadFile", "a/x", { first: `${DAY}01:50:00Z`, last: `${DAY}01:50:00Z` });
    expect(run([late], tasks).edges[0]).toMatchObject({ jobId: "7", taskKey: "two" });
  });

  it("is sure of the job and open about tasks side by side", () => {
    const [edge] = run([read], [task("7", { taskKey: "one" }), task("7", { taskKey: "two" })]).edges;
    expect(edge).toMatchObject({ jobId: "7", taskKey: null, attribution: "exclusive", runs: 1 });
    expect(edge?.candidates.map(({ taskKey, share }) => [taskKey, share])).toEqual([
      ["one", 0.5],
      ["two", 0.5],
    ]);
  });

  it("goes by the time on a shared cluster and picks nobody where two jobs fit", () => {
    const on = { cluster: SHARED };
    const seven = task("7", { clusterId: SHARED, end: at("01:15:00") });
    const eight = task("8", { clusterId: SHARED, start: at("01:12:00") });
    const found = run(
      [
        request("ReadFile", "a/x", on),
        request("ReadFile", "b/x", { ...on, first: `${DAY}01:13:00Z`, last: `${DAY}01:13:00Z` }),
        request("ReadFile", "b/x", { ...on, first: `${DAY}05:00:00Z`, last: `${DAY}05:00:00Z` }),
      ],
      [seven, eight],
    );
    expect(told(found)).toEqual(["7 read a", "read b"]);
    expect(found.edges[1]).toMatchObject({ jobId: null, attribution: "ambiguous", evidence: { requests: 1 }, runs: 1 });
    expect(found.edges[1]?.candidates.map(({ jobId, share }) => [jobId, share])).toEqual([
      ["7", 0.5],
      ["8", 0.5],
    ]);
    expect(found.unattributed).toMatchObject([
      { reason: "no run at that time", clusterId: SHARED, table: "b", access: "read" },
    ]);
    expect(found.coverage).toMatchObject({ requests: 3, attributed: 1, ambiguous: 1 });
  });

  it("does not give a long-lived cluster's night to the one job it ever ran", () => {
    const only = task("7", { clusterId: SHARED });
    const night = request("ReadFile", "a/x", { cluster: SHARED, first: `${DAY}05:00:00Z`, last: `${DAY}05:00:00Z` });
    expect(run([night], [only])).toMatchObject({ edges: [], unattributed: [{ reason: "no run at that time" }] });
  });

  it("infers from a job cluster's name, or from the second it was made", () => {
    const named = [{ clusterId: CLUSTER, name: "job-9-run-42-main", kind: "job" as const }];
    expect(run([read], [], TABLES, named).edges).toMatchObject([
      { jobId: "9", jobName: "nine", attribution: "inferred" },
    ]);
    const serverless = task("7", { clusterId: null, runStart: at("01:00:02") });
    const managed = request("ReadFile", "a/x", { cluster: `${CLUSTER}-v2n` });
    expect(run([managed], [serverless]).edges).toMatchObject([{ jobId: "7", attribution: "inferred" }]);
    const two = [serverless, task("8", { clusterId: null, runStart: at("01:00:01") })];
    expect(run([managed], two)).toMatchObject({ edges: [], unattributed: [{ reason: "unknown cluster" }] });
  });

  it("knows managed compute whether the runs write its mark or not", () => {
    const managed = request("ReadFile", "a/x", { cluster: `${CLUSTER}-v2n` });
    for (const clusterId of [CLUSTER, `${CLUSTER}-v2n`]) {
      const { edges } = run([managed], [task("7", { clusterId })]);
      expect(edges).toMatchObject([{ jobId: "7", taskKey: "main", attribution: "exclusive" }]);
    }
  });

  it("knows other clients by their user agent, and a prefix that is no cluster id", () => {
    const power = request("ReadFile", "a/x", { cluster: null, client: "Microsoft.Data.Mashup" });
    const odd = request("ReadFile", "a/x", { cluster: "9914-010000-abcdef", client: null });
    expect(run([power, odd]).unattributed.map(({ client }) => client)).toEqual([
      "9914-010000-abcdef",
      "Microsoft.Data.Mashup",
    ]);
  });
});

describe("which table it was", () => {
  const whole = table("events", "e", ["e/country=DE", "e/country=FR"]);
  const part = table("events_de", "e/country=DE", []);

  it("settles files of two tables by the files of one of them", () => {
    const groups = [request("ReadFile", "e/country%3DDE/x"), request("ReadFile", "e/country%3DFR/x", { files: [2] })];
    const found = run(groups, [task("7")], [whole, part]);
    expect(told(found)).toEqual(["7 read events"]);
    expect(found.edges[0]?.evidence).toMatchObject({ requests: 2, files: 2 });
  });

  it("says so where nothing settles it", () => {
    const [edge] = run([request("ReadFile", "e/country%3DDE/x")], [task("7")], [whole, part]).edges;
    expect(edge).toMatchObject({ table: null, tableCandidates: ["events", "events_de"] });
    expect(edge?.confidence).toBeLessThan(0.5);
  });

  it("takes two names of one place for one table", () => {
    const found = run([request("ReadFile", "a/x")], [task("7")], [table("z", "a/"), table("a", "a")]);
    expect(found.edges).toMatchObject([{ table: "a", aliases: ["z"] }]);
  });
});

describe("coverage", () => {
  it("tells blind tables from unused ones", () => {
    const tables = [
      ...TABLES,
      { ...table("root", ""), location: "dbfs:/user/hive/warehouse/root" },
      { ...table("far", ""), location: "abfss://lake@other.dfs.core.windows.net/far" },
      { ...table("view", ""), location: null, type: "VIEW" },
    ];
    const { coverage } = run([request("ReadFile", "a/x")], [task("7")], tables);
    expect(coverage.unused).toEqual(["b"]);
    expect(coverage.blind.map((one) => one.table)).toEqual(["far", "root"]);
    expect(coverage.rows).toEqual([
      {
        account: "acct",
        category: "StorageRead",
        hour: `${DAY}01`,
        requests: 1,
        attributed: 1,
        ambiguous: 0,
        unattributed: 0,
      },
    ]);
  });
});

it("does not depend on the order of groups", () => {
  const groups = [
    request("ReadFile", "a/x"),
    request("ReadFile", "a/y", { files: [2], first: `${DAY}01:09:00Z` }),
    request("AppendFile", "b/x"),
    request("ReadFile", "b/x", { cluster: null, client: "x" }),
  ];
  expect(JSON.stringify(run(groups))).toBe(JSON.stringify(run([...groups].reverse())));
});

it("gains confidence by further runs, but not where the evidence is open", () => {
  expect(confidenceOf(0.97, "exclusive", 1, false)).toBe(0.97);
  expect(confidenceOf(0.97, "inferred", 1, false)).toBe(0.78);
  expect(confidenceOf(0.97, "inferred", 4, false)).toBe(0.94);
  expect(confidenceOf(0.97, "inferred", 400, false)).toBe(0.94);
  expect(confidenceOf(0.5, "exclusive", 9, true)).toBe(0.5);
});
