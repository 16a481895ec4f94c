/** The library does what the promise to its users names, under these names, over a project on disk. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../fakes/databricks/index.ts";
import { type Headgate, openHeadgate } from "../src/index.ts";

const TOKEN = "fake-library";
let fake: FakeDatabricks;
let dir: string;
let headgate: Headgate;

beforeAll(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", tokens: [TOKEN], admin: true }] });
  dir = mkdtempSync(path.join(tmpdir(), "headgate-library-"));
  writeFileSync(
    path.join(dir, "headgate.yaml"),
    [
      "version: 1",
      "project: library",
      "workspaces:",
      `  dev: { host: "${fake.url}", warehouse: w1, auth: { kind: pat, token: "\${env:TOKEN}" } }`,
      "targets: { dev: { default: true, workspace: dev } }",
      "jobs: { sources: [{ kind: control-table, table: main.etl.control }] }",
      "",
    ].join("\n"),
  );
  headgate = await openHeadgate({ dir, exact: true, env: { TOKEN } });
});
afterAll(async () => {
  await headgate?.close();
  await fake?.close();
  rmSync(dir, { recursive: true, force: true });
});

const PROCESS = ["CORP", "HR_DAILY"] as const;

describe("the library", () => {
  it("has every verb that is promised", () => {
    const { jobs, runs, lineage } = headgate;
    const verbs = [
      ...[jobs.validate, jobs.plan, jobs.apply, jobs.drift, jobs.watch, jobs.adopt],
      ...[jobs.controlTable.load, jobs.controlTable.create],
      ...[lineage.ingest, lineage.graph, lineage.waves],
      ...[runs.getPendingTasks, runs.startTask, runs.endTask, runs.failTask, runs.getStatus, runs.statusReset],
      ...[runs.advanceWatermark, runs.getActiveWatermark, runs.setProcessingMode, runs.sampleUsage],
    ];
    expect(verbs.map((verb) => typeof verb)).toEqual(verbs.map(() => "function"));
  });

  it("takes a process from setup to a task that is done", async () => {
    const { runs } = headgate;
    await runs.setup();
    await runs.registerProcess(...PROCESS, { name: "HR daily load", owner: "HR", loadFrequency: "D" });
    await runs.registerTask(...PROCESS, { workflowId: 1, taskId: 1, sequenceId: 2, name: "Load Employees" });
    const executionId = runs.generateExecutionId();
    await runs.generateExecutionSteps(executionId, ...PROCESS, "2026-04-09");
    const ref = { executionId, projectCode: PROCESS[0], processLoad: PROCESS[1], processingDate: "2026-04-09" };
    await runs.task({ ...ref, workflowId: 1, taskId: 1, sequenceId: 2 }, async (task) => {
      task.progress({ rowsWritten: 42 });
    });
    const [row] = await runs.getStatus({ ...ref, workflowId: 1, taskId: 1 });
    expect(row).toMatchObject({ Status: "DONE", TaskName: "Load Employees" });
    await expect(headgate.lineage.graph("sales.orders", { up: 1, down: 1, fold: 12 })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
