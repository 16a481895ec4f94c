/** Files of runs, clusters, tables and mounts are recognised by what is in them, whatever they are called. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jobRun } from "../../test/access-logs.ts";
import { readDumps } from "./dumps.ts";
import { parseCsv } from "./inventory/parse-csv.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-dumps-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: unknown): void =>
  writeFileSync(
    path.join(folder, name),
    typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );

const START = "2026-09-14T01:00:00.000Z";
const END = "2026-09-14T01:10:00.000Z";
const RUN = jobRun({ job: 7, run: 70, name: "load", cluster: "0914-010000-eie9s9ze", start: START, end: END });

it("names a file that is torn, and reads one that PowerShell wrote", async () => {
  write("runs.json.gz", gzipSync(JSON.stringify({ runs: [RUN] })).subarray(0, -9));
  write("wide.json", Buffer.from(`\ufeff${JSON.stringify({ runs: [RUN] })}`, "utf16le"));
  const { uses, skipped } = await readDumps([folder]);
  expect(uses.tasks).toHaveLength(1);
  expect(skipped).toEqual([{ file: path.join(folder, "runs.json.gz"), why: expect.stringContaining("broken gzip") }]);
});

describe("runs and clusters", () => {
  it("knows the clusters of a for-each task and of its iterations", async () => {
    const common = { job_id: 7, run_name: "load", run_type: "JOB_RUN", start_time: 1_000, end_time: 9_000 };
    const part = (more: object) => ({ start_time: 2_000, end_time: 8_000, attempt_number: 0, ...more });
    const loop = (task: object) => ({ for_each_task: { inputs: "[1,2]", task: { task_key: "one", ...task } } });
    const tasks = [
      part({ run_id: 71, task_key: "first", job_cluster_key: "main", cluster_instance: { cluster_id: "c-main" } }),
      part({ run_id: 72, task_key: "same", ...loop({ job_cluster_key: "main" }) }),
      part({ run_id: 73, task_key: "given", ...loop({ existing_cluster_id: "c-given" }) }),
      part({ run_id: 74, task_key: "own", ...loop({ new_cluster: { num_workers: 1 } }) }),
    ];
    const iteration = (id: number) =>
      part({ run_id: id, task_key: `own_${id}`, cluster_instance: { cluster_id: `c-${id}` } });
    write("run", { ...common, run_id: 70, tasks });
    write("loop", { ...common, run_id: 74, job_run_id: 70, tasks: [tasks[3]], iterations: [81, 82].map(iteration) });
    const { uses } = await readDumps([folder]);
    expect(uses.tasks.map(({ runId, taskKey, clusterId }) => `${runId} ${taskKey} ${clusterId}`).sort()).toEqual([
      "70 first c-main",
      "70 given c-given",
      "70 own c-81",
      "70 own c-82",
      "70 own null",
      "70 same c-main",
    ]);
  });

  it("come from pages, single answers and lines, each run once", async () => {
    const { tasks: _tasks, ...unexpanded } = RUN;
    write("page", { runs: [unexpanded, RUN], has_more: false });
    write("get.gz", gzipSync(JSON.stringify(RUN)));
    write("lines", `${JSON.stringify(unexpanded)}\n${JSON.stringify({ ...unexpanded, run_id: 80 })}\n`);
    write("jobs", { jobs: [{ job_id: 7, settings: { name: "nightly load" } }] });
    write("clusters", { clusters: [{ cluster_id: "0831-074512-pooch317", cluster_name: "bi", cluster_source: "UI" }] });
    write("events", `{"cluster_id":"0831-074512-pooch317","timestamp":1,"type":"RUNNING","details":{}}`);
    const { uses, read, skipped } = await readDumps([folder]);
    expect(skipped).toEqual([]);
    expect(read.map(({ file, holds }) => `${path.basename(file)}: ${holds}`)).toEqual([
      "clusters: 1 cluster",
      "events: 1 cluster event",
      "get.gz: 1 run",
      "jobs: 1 job",
      "lines: 2 runs",
      "page: 2 runs",
    ]);
    expect(uses.clusters).toEqual([{ clusterId: "0831-074512-pooch317", name: "bi", kind: "all-purpose" }]);
    expect(uses.tasks).toEqual([
      {
        workspaceId: "1",
        jobId: "7",
        jobName: "nightly load",
        runId: "70",
        taskKey: "main",
        attempt: 0,
        clusterId: "0914-010000-eie9s9ze",
        runStart: Date.parse(START),
        start: Date.parse(START),
        end: Date.parse(END),
      },
      expect.objectContaining({ runId: "80", taskKey: null, clusterId: null }),
    ]);
  });

  it("keep ids beyond 2^53, and give submitted runs a name that lasts", async () => {
    const submit = (id: string, guid: string) =>
      `{"job_id":${id},"run_id":9007199254740993,"run_type":"SUBMIT_RUN","run_name":"ADF_f_load_${guid}","start_time":1,"end_time":0}`;
    write("a", submit("9223372036854775807", "47903230-87c4-4370-a8ee-af5c9c87f6bd"));
    const { uses } = await readDumps([folder]);
    expect(uses.tasks).toMatchObject([
      { jobId: "submit:ADF_f_load_*", jobName: "ADF_f_load_*", runId: "9007199254740993", end: null },
    ]);
  });
});

describe("tables and mounts", () => {
  it("come from CSV of any maker, the metastore inventory and DESCRIBE", async () => {
    write("ucx", "catalog,database,name,object_type,location\nhive_metastore,Sales,Orders,EXTERNAL,abfss://c@a/o\n");
    write("mine", '\ufefftable_schema,table_name,storage_location\r\nsales,"odd, name",abfss://c@a/x\r\n');
    write("partitions", "database,table,partition,location\nsales,orders,day=1,abfss://c@b/o/1\n");
    write("mounts", "name,source\n/mnt/raw,abfss://raw@a.dfs.core.windows.net/\n");
    write("emi", `{"database":"sales","tableName":"items","Type":" MANAGED","Location":" abfss://c@a/items"}\n`);
    write("describe", `{"database":"gold","table":"kpi","details":{"Type":"MANAGED"}}\n`);
    write("databases", { gold: { "Namespace Name": "gold", Location: "abfss://c@a/gold.db/" } });
    const { inventory, skipped } = await readDumps([folder]);
    expect(skipped).toEqual([]);
    expect(inventory.mounts).toEqual([{ name: "/mnt/raw", source: "abfss://raw@a.dfs.core.windows.net/" }]);
    expect(inventory.tables.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: "gold.kpi", location: "abfss://c@a/gold.db/kpi", type: "MANAGED", partitions: [] },
      { name: "sales.items", location: "abfss://c@a/items", type: "MANAGED", partitions: [] },
      { name: "sales.odd, name", location: "abfss://c@a/x", type: null, partitions: [] },
      { name: "sales.orders", location: "abfss://c@a/o", type: "EXTERNAL", partitions: ["abfss://c@b/o/1"] },
    ]);
  });
});

it("names what it does not know, and what does not exist", async () => {
  write("notes.txt", "hello, world\n");
  write("other.json", { a: 1 });
  write("torn.json", '{"runs":[');
  const { skipped } = await readDumps([folder]);
  expect(skipped.map(({ file }) => path.basename(file))).toEqual(["notes.txt", "other.json", "torn.json"]);
  await expect(readDumps([path.join(folder, "none")])).rejects.toMatchObject({ code: "not_found" });
});

it.each<[string, string[][]]>([
  [
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  [
    '"a ""q""","x\ny"\r\n,\r\n',
    [
      ['a "q"', "x\ny"],
      ["", ""],
    ],
  ],
  [
    "a,\n\nb,c,\n",
    [
      ["a", ""],
      ["b", "c", ""],
    ],
  ],
  ['"a" b,c\nd', [['"a" b', "c"], ["d"]]],
])("parses CSV %j", (text, rows) => {
  expect(parseCsv(text)).toEqual(rows);
});
