/** `headgate lineage doctor FILE` tells logs apart and counts what is wrong with them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jobRun, logLine } from "../../../test/access-logs.ts";
import { cli } from "../../../test/run-cli.ts";
import type { LogDiagnosis } from "../../model/log-diagnosis.ts";

const CLUSTER = "0914-010000-eie9s9ze";
let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-log-doctor-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function diagnose(name: string, content: string): Promise<LogDiagnosis> {
  writeFileSync(path.join(cwd, name), content);
  const ran = await cli(["lineage", "doctor", name, "--json"], { cwd });
  expect(ran.code, ran.stderr).toBe(0);
  return JSON.parse(ran.stdout) as LogDiagnosis;
}

const line = (more = {}): string =>
  logLine({ time: "2026-09-14T01:10:00.0000000Z", operation: "ReadFile", path: "lake/a/x", cluster: CLUSTER, ...more });
const event = JSON.stringify({
  eventType: "START",
  eventTime: "2026-11-21T10:05:46.9Z",
  producer: "https://github.com/OpenLineage/OpenLineage",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
  run: { runId: "0190a7b0-5c5e-7a5e-8b3a-1f2e3d4c5b6a" },
  job: { namespace: "lake", name: "nightly.orders" },
  inputs: [],
  outputs: [],
});

describe("headgate lineage doctor", () => {
  it("reads access logs, counts torn lines and says how long a full run takes", async () => {
    const torn = line().slice(0, 100);
    const found = await diagnose(
      "PT1H.json",
      [line(), torn, line({ cluster: undefined }), line({ operation: "Fly" }), '{"a": }', ""].join("\n"),
    );
    expect(found).toMatchObject({
      file: "PT1H.json",
      lines: 5,
      dialects: [{ dialect: "azure storage log", lines: 3 }],
      bad: {
        count: 2,
        first: [
          { line: 2, why: "cut off before its end" },
          { line: 5, why: "no valid JSON" },
        ],
      },
      access: { requests: 3, attributed: null, unknownOperations: [{ operation: "Fly", requests: 1 }] },
    });
    expect(found.access?.withCluster).toBeCloseTo(2 / 3);
    expect(found.estimate?.bytes).toBe(found.bytes);
    expect(found.estimate?.bytesPerSecond).toBeGreaterThan(0);
    const text = await cli(["lineage", "doctor", "PT1H.json"], { cwd });
    expect(text.stdout).toContain("2 lines cannot be read:\n  line 2: cut off before its end");
    expect(text.stdout).toContain("(estimated from ");
  });

  it("tells the other dialects", async () => {
    expect((await diagnose("events.ndjson", `${event}\n`)).dialects).toEqual([
      { dialect: "openlineage events", lines: 1 },
    ]);
    expect(await diagnose("driver.log", `starting\n26/11/21 INFO ConsoleTransport: ${event}\n`)).toMatchObject({
      dialects: [{ dialect: "plain text", lines: 2 }],
      events: { found: 1 },
      access: null,
    });
    const answer = { events: [{ logStreamName: "s", timestamp: 1, message: event, eventId: "1" }] };
    expect((await diagnose("answer.json", JSON.stringify(answer))).dialects[0]?.dialect).toBe("cloudwatch answer");
    const records = await diagnose("records.json", JSON.stringify({ records: [JSON.parse(line())] }));
    expect(records.dialects[0]?.dialect).toBe("azure records");
    const at = { start: "2026-09-14T01:00:00Z", end: "2026-09-14T01:20:00Z" };
    const runs = JSON.stringify({ runs: [jobRun({ job: 7, run: 70, name: "load", cluster: CLUSTER, ...at })] });
    expect((await diagnose("runs.json", runs)).holds).toBe("1 run");
    expect((await diagnose("tables.csv", "schema,table,location\ns,a,abfss://lake@acct/a\n")).holds).toBe("1 table");
  });

  it("names a file that is not there", async () => {
    const ran = await cli(["lineage", "doctor", "none.json"], { cwd });
    expect(ran.code).toBe(65);
    expect(ran.stderr).toContain("does not exist");
  });

  it("says in a project how much belongs to jobs", async () => {
    const at = { start: "2026-09-14T01:00:00Z", end: "2026-09-14T01:20:00Z" };
    const runs = [jobRun({ job: 7, run: 70, name: "load", cluster: CLUSTER, ...at })];
    writeFileSync(path.join(cwd, "runs.json"), JSON.stringify({ runs }));
    writeFileSync(
      path.join(cwd, "tables.csv"),
      "schema,table,location\ns,a,abfss://lake@acct.dfs.core.windows.net/a\n",
    );
    writeFileSync(
      path.join(cwd, "headgate.yaml"),
      `version: 1
project: lake
workspaces: { main: { host: "https://adb-42.1.azuredatabricks.net", auth: { kind: azure-cli } } }
targets: { prod: { default: true, workspace: main } }
lineage:
  sources: [ { kind: storage-logs, path: "PT1H*.json" } ]
  inventory: [ { kind: csv, path: tables.csv } ]
  runs: runs.json
`,
    );
    writeFileSync(path.join(cwd, "PT1H-2.json"), `${line()}\n`);
    const found = await diagnose("PT1H.json", `${line()}\n${line({ cluster: "0914-010000-otherone" })}\n`);
    expect(found.access).toMatchObject({ attributed: 0.5, ambiguous: 0, note: null });
    expect(found.estimate?.bytes).toBeGreaterThan(found.bytes);
  });
});
