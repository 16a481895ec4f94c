/** `headgate lineage ingest` over a small lake: once, again, with late lines, other runs and other tables. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHeadgate } from "../../src/app.ts";
import type { IngestReport } from "../../src/model/ingest-report.ts";
import { openStore } from "../../src/store/open.ts";
import { jobRun, logLine } from "../access-logs.ts";
import { javaEvent } from "../openlineage-events.ts";
import { quickClock } from "../quick-clock.ts";
import { cli } from "../run-cli.ts";

const LOAD = "0914-230000-eie9s9ze";
const PLACE = "abfss://lake@acct.dfs.core.windows.net";
let cwd = "";

const blob = (day: string, hour: string): string => {
  const folder = path.join(cwd, `logs/insights-logs-storageread/y=2026/m=09/d=${day}/h=${hour}/m=00`);
  mkdirSync(folder, { recursive: true });
  return path.join(folder, "PT1H.json");
};
const read = (time: string, table: string, more = {}): string =>
  logLine({ time, operation: "ReadFile", path: `lake/${table}/x.parquet`, cluster: LOAD, bytes: 5, ...more });
const write = (time: string, file: string): string =>
  logLine({ time, operation: "RenamePathFile", path: `lake/${file}`, cluster: LOAD, category: "StorageWrite" });
const run = (more: object = {}) =>
  jobRun({
    job: 7,
    run: 70,
    name: "Nightly load",
    cluster: LOAD,
    start: "2026-09-14T23:00:00Z",
    end: "2026-09-15T01:00:00Z",
    ...more,
  });
const runs = (...all: unknown[]): void => writeFileSync(path.join(cwd, "runs.json"), JSON.stringify({ runs: all }));
const tables = (...names: string[]): void =>
  writeFileSync(
    path.join(cwd, "tables.csv"),
    `schema,table,location\n${names.map((name) => `s,${name},${PLACE}/${name}\n`).join("")}`,
  );

beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-ingest-walk-"));
  writeFileSync(
    path.join(cwd, "headgate.yaml"),
    `version: 1
project: lake
workspaces: { main: { host: "https://adb-42.1.azuredatabricks.net", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { prod: { default: true, workspace: main } }
lineage:
  sources:
    - { kind: storage-logs, path: "logs/insights-logs-*" }
    - { kind: redshift, host: somewhere, database: dev }
  inventory: [ { kind: csv, path: tables.csv } ]
  runs: ["runs*.json"]
`,
  );
  runs(run());
  tables("a", "b");
  // one run, over midnight: it reads a before, writes b after and reads it again
  writeFileSync(blob("14", "23"), `${read("2026-09-14T23:30:00.0000000Z", "a")}\n`);
  writeFileSync(
    blob("15", "00"),
    [
      write("2026-09-15T00:10:00.0000000Z", "b/part-0.parquet"),
      write("2026-09-15T00:10:01.0000000Z", "b/_delta_log/00000000000000000001.json"),
      read("2026-09-15T00:10:02.0000000Z", "b"),
    ].join("\n"),
  );
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const env = { TOKEN: "dapi-never-sent" };

async function ingest(...more: string[]) {
  const ran = await cli(["lineage", "ingest", "--source", "storage-logs", "--json", ...more], { cwd, env });
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(ran.stdout) as IngestReport;
  const [source] = report.sources;
  if (source === undefined) throw new Error("no source");
  return {
    quiet: report.quiet,
    ...source,
    days: source.days.map(({ day, why, changed }) => `${day} ${why} ${changed}`),
  };
}

async function edges(): Promise<string[]> {
  const store = await openStore({ kind: "sqlite", path: path.join(cwd, ".headgate/state.db") });
  try {
    const { canon } = await store.lineage.canon();
    const lines: string[] = [];
    for await (const edge of store.lineage.edgesAt("2026-09-30", 30)) {
      const nodes = await store.lineage.nodes([edge.from, edge.to, canon.get(edge.to) ?? edge.to]);
      const named = (id: number) => nodes.find((node) => node.id === id);
      const to = named(canon.get(edge.to) ?? edge.to);
      lines.push(`${named(edge.from)?.title} ${edge.relation} ${to?.name} ${edge.attributions} ×${edge.requests}`);
    }
    return lines.sort();
  } finally {
    await store.close();
  }
}

const WHOLE = [
  "Nightly load reads hive_metastore.s.a exclusive ×1",
  "Nightly load reads hive_metastore.s.b exclusive ×1",
  "Nightly load writes hive_metastore.s.b exclusive ×2",
];

it("reads what needs no workspace where the workspace is gone, and says how to do without it", async () => {
  const config = path.join(cwd, "headgate.yaml");
  const gone = readFileSync(config, "utf8")
    .replace("https://adb-42.1.azuredatabricks.net", "http://127.0.0.1:1")
    .replace("{ kind: redshift, host: somewhere, database: dev }", '{ kind: openlineage, path: "events.ndjson" }')
    .replace(/\n {2}runs: .*/, "");
  writeFileSync(config, gone);
  writeFileSync(path.join(cwd, "events.ndjson"), `${javaEvent(1, { eventType: "COMPLETE" })}\n`);
  const project = await openHeadgate({ dir: cwd, env: { TOKEN: "dapi0" }, clock: quickClock() });
  try {
    const { sources } = await project.lineage.ingest();
    expect(sources).toMatchObject([
      {
        source: "storage-logs",
        days: [],
        failed: { code: "unavailable", retryable: true, hint: expect.stringContaining("lineage.runs") },
      },
      { source: "openlineage", days: [{ day: "2026-11-21" }], failed: null },
    ]);
  } finally {
    await project.close();
  }
});

describe("headgate lineage ingest", () => {
  it("judges a run over midnight as one, and does nothing the second time", async () => {
    const first = await ingest();
    expect(first).toMatchObject({ quiet: false, failed: null, units: { listed: 2, known: 0, read: 2 } });
    expect(first.days).toEqual(["2026-09-14 new true", "2026-09-15 new true"]);
    // a run that read nothing but b and committed to it would be OPTIMIZE as well: what it read the day before tells
    expect(await edges()).toEqual(WHOLE);
    expect(await ingest()).toMatchObject({ quiet: true, units: { known: 2, read: 0 }, days: [], held: [] });
    expect(await edges()).toEqual(WHOLE);
  });

  it("computes again what a log that grew touches, and the day beside it", async () => {
    await ingest();
    appendFileSync(blob("14", "23"), `${read("2026-09-14T23:50:00.0000000Z", "a")}\n`);
    const late = await ingest();
    expect(late.units).toMatchObject({ known: 1, read: 1 });
    expect(late.days).toEqual(["2026-09-14 changed true", "2026-09-15 beside false"]);
    expect((await edges())[0]).toContain("×2");
    // a line of the day before in the blob of the next hour
    appendFileSync(blob("15", "00"), `\n${read("2026-09-14T23:59:59.9999999Z", "a")}\n`);
    expect((await ingest()).days).toEqual(["2026-09-14 changed true", "2026-09-15 changed false"]);
    expect((await edges())[0]).toContain("×3");
  });

  it("computes again what other tables or runs concern, from what it keeps of the logs", async () => {
    await ingest();
    tables("a", "b", "c");
    expect((await ingest()).days).toEqual([]);
    writeFileSync(path.join(cwd, "tables.csv"), `schema,table,location\ns,a,${PLACE}/a\nt,new,${PLACE}/b\n`);
    // the logs may be gone by then
    rmSync(path.join(cwd, "logs"), { recursive: true });
    mkdirSync(path.join(cwd, "logs/insights-logs-storageread"), { recursive: true });
    const renamed = await ingest();
    expect(renamed.days).toEqual(["2026-09-14 inputs false", "2026-09-15 inputs false"]);
    expect((await edges())[2]).toContain("writes hive_metastore.t.new");
    runs(run(), run({ job: 8, run: 80, name: "Other" }));
    expect((await ingest()).days).toEqual(["2026-09-14 inputs true", "2026-09-15 inputs true"]);
    expect((await edges())[0]).toBe("Nightly load reads hive_metastore.s.a ambiguous ×1");
    // without what was kept a day stays as it is
    rmSync(path.join(cwd, ".headgate/cache"), { recursive: true });
    runs(run());
    const held = await ingest();
    expect(held.days).toEqual([]);
    expect(held.held.map(({ day, why }) => `${day} ${why}`)).toEqual([
      "2026-09-14 2 of the 2 it was read from are gone",
      "2026-09-15 2 of the 2 it was read from are gone",
    ]);
  });

  it("keeps to the days asked for", async () => {
    expect((await ingest("--since", "2026-09-15")).days).toEqual(["2026-09-15 new true"]);
    expect((await ingest()).days).toEqual(["2026-09-14 new true", "2026-09-15 beside false"]);
    expect(await edges()).toEqual(WHOLE);
  });

  it("says what it did in words, names what it cannot read, and the nearest source", async () => {
    const ran = await cli(["lineage", "ingest"], { cwd, env });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain("storage-logs: 2 read (");
    expect(ran.stdout).toContain("2026-09-15: 2 edges (new)");
    expect(ran.stdout).toContain("sources of kind redshift are not read by this version");
    const again = await cli(["lineage", "ingest", "--source", "storage-logs"], { cwd, env });
    expect(again).toMatchObject({ code: 0, stdout: "storage-logs: nothing new, 2 known\n" });
    const wrong = await cli(["lineage", "ingest", "--source", "storage-log"], { cwd, env });
    expect(wrong.code).toBe(64);
    expect(wrong.stderr).toContain('did you mean "storage-logs"?');
    expect((await cli(["lineage", "ingest", "--interval", "soon"], { cwd, env })).code).toBe(64);
  });
});
