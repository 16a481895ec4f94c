/**
 * The invariants of runs and lineage over the world of the demo, by name: `observe_any_order`, `replay_equals_projection`,
 * `ingest_twice_is_noop`. The same over made-up worlds, with repeats and deaths: `test/runs/observe-any-order.test.ts`,
 * `test/runs/interleavings.test.ts`, `test/lineage/ingest-walk.test.ts` and `ingest-crash.test.ts`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reconcile } from "../../src/across/reconcile.ts";
import { type Headgate, openHeadgate } from "../../src/app.ts";
import { chooseFolder, type DemoFolder, writeProject } from "../../src/demo/folder.ts";
import { leaveLogs, readLogs } from "../../src/demo/lineage.ts";
import { collectRuns } from "../../src/demo/runs.ts";
import { passWeek, WEEK } from "../../src/demo/week.ts";
import { type DemoWorkspace, startWorkspace } from "../../src/demo/workspace.ts";
import type { Run } from "../../src/model/run.ts";
import { observeOnce } from "../../src/runs/observe.ts";
import { openDatabricksRuns } from "../../src/sources/runs/databricks/index.ts";
import { stableJson } from "../../src/util/stable-json.ts";
import { leftToReal } from "../sample.ts";

const END = Date.parse("2026-11-20T06:31:00Z");
const SEED = 20;
const BATCH = 37;
const ALL = 100_000;

const cwd = mkdtempSync(join(tmpdir(), "headgate-invariants-"));
const { signal } = new AbortController();

let workspace: DemoWorkspace;
let headgate: Headgate;
const opened: Headgate[] = [];
const folders: DemoFolder[] = [];

async function open(): Promise<Headgate> {
  const project = writeProject(chooseFolder(cwd, undefined), workspace.fake);
  folders.push(project);
  const { clock } = workspace;
  const env = { DATABRICKS_RATE_LIMIT: "1000" };
  const found = await openHeadgate({ dir: project.path, exact: true, env, clock });
  opened.push(found);
  return found;
}

beforeAll(async () => {
  workspace = await startWorkspace(END - WEEK - 60_000);
  headgate = await open();
  await headgate.jobs.apply(await headgate.jobs.plan({ signal }), { firstDeploy: true, signal });
  await passWeek(workspace.fake, { end: END, seed: SEED, signal, onDay: () => undefined });
  await collectRuns(headgate, END - WEEK - 60_000, signal);
}, 120_000);

afterAll(async () => {
  for (const one of opened) await one.close();
  await workspace.fake.close();
  rmSync(cwd, { recursive: true, force: true });
});

/** Everything that follows from the runs. When a command was given is no fact about them. */
async function stateOf(one: Headgate): Promise<{ observed: string[]; logs: string[]; steps: string[] }> {
  const { runs } = await one.store();
  const [observed, logs, steps] = [
    await runs.observed({ limit: ALL }),
    await runs.logs({ limit: ALL }),
    await runs.steps({ limit: ALL }),
  ];
  return {
    observed: observed.map(stableJson).sort(),
    logs: logs.map(stableJson).sort(),
    steps: steps
      .filter(({ taskId }) => taskId !== 0)
      .map(({ processLoad, executionId, workflowId, taskId, attempt, status, phase, startTime, endTime }) =>
        [processLoad, executionId, workflowId, taskId, attempt, status, phase, startTime, endTime].join(" "),
      )
      .sort(),
  };
}

describe.skipIf(leftToReal("invariants over the world of the demo"))("the world of the demo", () => {
  it("observe_any_order: runs that are read backwards, in other portions and twice lead to the same", async () => {
    const source = openDatabricksRuns({ kind: "databricks" }, headgate.workspace);
    const read: Run[] = [];
    for await (const { runs } of source.read(undefined, { now: END, since: END - WEEK - 60_000 })) read.push(...runs);
    const order = [...read.slice(0, 50), ...read.reverse()];

    const other = await open();
    await other.runs.setup({ actor: "collector" });
    await other.runs.registerFiles();
    const { runs, cursors } = await other.store();
    await observeOnce({
      source: {
        name: source.name,
        kind: source.kind,
        sourceType: source.sourceType,
        async *read() {
          for (let at = 0; at < order.length; at += BATCH) {
            yield { runs: order.slice(at, at + BATCH), cursor: String(at), readAt: END };
          }
        },
      },
      runs,
      cursors,
      clock: workspace.clock,
      project: other.config.project,
      target: other.config.target.name,
      timezone: other.timezone,
      holder: "test",
      reconcile: (observed) => reconcile(other.runs, observed),
    });
    const [expected, found] = [await stateOf(headgate), await stateOf(other)];
    expect(expected.steps.length).toBeGreaterThan(500);
    expect(found.steps).toEqual(expected.steps);
    // what one has and the other not: the whole would be megabytes
    const beside = (a: readonly string[], b: readonly string[]) => a.filter((line) => !b.includes(line)).slice(0, 3);
    for (const of of ["observed", "logs"] as const) {
      expect(beside(found[of], expected[of]), of).toEqual([]);
      expect(beside(expected[of], found[of]), of).toEqual([]);
      expect(found[of].length, of).toBe(expected[of].length);
    }
  }, 120_000);

  it("replay_equals_projection: the log of commands, folded again, gives every row", async () => {
    for (const one of opened) {
      const report = await one.runs.check();
      expect(report.commands).toBeGreaterThan(1_000);
      expect([report.differing, report.verdicts]).toEqual([[], []]);
    }
  }, 120_000);

  it("ingest_twice_is_noop: what is in the store is not read again, and says the same", async () => {
    const workspaceId = await headgate.workspace.workspaceId();
    const keyOf = new Map(
      (await headgate.jobs.plan({ signal })).changes.map(({ jobId, resource }) => [jobId, resource]),
    );
    const folder = folders[0] as DemoFolder;
    const left = await leaveLogs(workspace, folder, {
      end: END,
      seed: SEED,
      workspaceId,
      keyOf: (id) => keyOf.get(id),
    });
    const first = await readLogs(headgate, folder, left, signal);
    expect([first.score.wrong, first.score.missed]).toEqual([[], []]);
    const { lineage } = await headgate.store();
    const state = async () => [(await headgate.lineage.edges({ limit: ALL })).items, await lineage.sourceDays()];
    const before = await state();
    const again = await headgate.lineage.ingest({ signal });
    expect(again).toMatchObject({ quiet: true });
    expect(again.sources.map(({ units, days }) => [units.read, days.length])).toEqual(
      first.report.sources.map(() => [0, 0]),
    );
    expect(await state()).toEqual(before);
  }, 120_000);
});
