/** `headgate lineage attribute` from files to files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobRun, logLine } from "../../../test/access-logs.ts";
import { cli } from "../../../test/run-cli.ts";

const CLUSTER = "0914-010000-eie9s9ze";
let cwd = "";

beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-attribute-"));
  const folder = path.join(cwd, "logs/y=2026/m=09/d=14/h=01/m=00");
  mkdirSync(folder, { recursive: true });
  const at = { time: "2026-09-14T01:10:00.0000000Z", cluster: CLUSTER };
  const lines = [
    logLine({ ...at, operation: "ReadFile", path: "lake/a/x.parquet", bytes: 5 }),
    logLine({
      ...at,
      operation: "AppendFile",
      path: "lake/b/y.parquet?sig=secret",
      bytes: 7,
      category: "StorageWrite",
    }),
    logLine({ time: at.time, operation: "ReadFile", path: "lake/b/y.parquet", agent: "AzCopy/10" }),
  ];
  writeFileSync(path.join(folder, "PT1H.json"), lines.join("\n"));
  writeFileSync(path.join(cwd, "notes.txt"), "hello\n");
  const run = { job: 7, run: 70, name: "load", cluster: CLUSTER };
  const runs = [jobRun({ ...run, start: "2026-09-14T01:00:00Z", end: "2026-09-14T01:20:00Z" })];
  writeFileSync(path.join(cwd, "runs.json"), JSON.stringify({ runs }));
  const place = "abfss://lake@acct.dfs.core.windows.net";
  writeFileSync(
    path.join(cwd, "tables.csv"),
    `schema,table,location\ns,a,${place}/a\ns,b,${place}/b\ns,c,${place}/c\n`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const command = (...more: string[]): string[] => [
  "lineage",
  "attribute",
  "--logs",
  "logs",
  "--inventory",
  "tables.csv",
  ...more,
];

describe("headgate lineage attribute", () => {
  it("writes edges, coverage and the rest, and says what it found", async () => {
    const ran = await cli(command("--runs", "runs.json", "notes.txt", "--out", "out/new"), { cwd });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("2 edges between 1 job and 2 tables: 1 read, 1 write");
    expect(ran.stdout).toContain("1 table nobody touched: s.c");
    expect(ran.stderr).toContain("skipped notes.txt");
    const out = path.join(cwd, "out/new");
    expect(readdirSync(out).sort()).toEqual(["coverage.json", "edges.ndjson", "unattributed.ndjson"]);
    const text = (name: string): string => readFileSync(path.join(out, name), "utf8");
    const lines = (name: string): unknown[] =>
      text(name)
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    expect(lines("edges.ndjson")).toMatchObject([
      { jobId: "7", jobName: "load", taskKey: "main", table: "s.a", access: "read", evidence: { bytes: 5, files: 1 } },
      { jobId: "7", table: "s.b", access: "write", attribution: "exclusive", relation: "writes" },
    ]);
    expect(lines("unattributed.ndjson")).toMatchObject([
      { reason: "no cluster id", client: "AzCopy/10", table: "s.b" },
    ]);
    expect(JSON.parse(text("coverage.json"))).toMatchObject({ requests: 3, attributed: 2, attributedShare: 1 });
    expect(text("edges.ndjson") + text("unattributed.ndjson")).not.toContain("secret");
  });

  it("gives the summary as JSON and replaces former results", async () => {
    mkdirSync(path.join(cwd, "old"));
    writeFileSync(path.join(cwd, "old/edges.ndjson"), "former\n");
    const window = ["--from", "2026-09-15", "--to", "2026-09-16"];
    const ran = await cli(command("--runs", "runs.json", "--out", "old", "--json", ...window), { cwd });
    expect(JSON.parse(ran.stdout)).toMatchObject({ logFiles: 1, edges: { total: 0 }, coverage: { requests: 0 } });
    expect(readFileSync(path.join(cwd, "old/edges.ndjson"), "utf8")).toBe("");
  });

  it("refuses what holds no logs, no runs or no tables, and leaves nothing behind", async () => {
    const ran = await cli(command("--runs", "notes.txt", "--out", "none"), { cwd });
    expect(ran).toMatchObject({ code: 65, stdout: "" });
    expect(ran.stderr).toContain("the files given hold no run of a job (--runs)");
    expect(ran.stderr).toContain("notes.txt: neither runs");
    expect((await cli(command("--runs", "missing", "--out", "none"), { cwd })).code).toBe(65);
    expect((await cli(command("--runs", "runs.json", "--out", "notes.txt"), { cwd })).code).toBe(65);
    expect(readdirSync(cwd)).not.toContain("none");
    expect((await cli(["lineage", "attribute", "--logs", "logs"], { cwd })).code).toBe(64);
  });
});
