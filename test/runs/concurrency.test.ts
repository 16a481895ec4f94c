/** Many callers at once: over one room, and over two rooms on one store as two processes have it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { readProcesses } from "../../src/config/read-processes.ts";
import { onBothStores } from "../stores.ts";
import { world } from "./world.ts";

const TASKS = 60;
const RUN = { projectCode: "CORP", processLoad: "WIDE", processingDate: "2026-11-20", executionId: "r" };

const FILE = `processes:
  - project: CORP
    process: WIDE
    loadFrequency: D
    tasks:
${Array.from({ length: TASKS }, (_, n) => `      - { workflowId: 1, taskId: ${n + 1}, sequenceId: 2, name: Load ${n + 1}, sourceSystemCode: since }`).join("\n")}
    parameters:
      - { name: since, type: DELTA_DATE }
`;

await onBothStores("at once", (setting) => {
  it("two processes generate, start and end one run exactly once, and register their files without effect the second time", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "headgate-runs-"));
    try {
      await mkdir(path.join(folder, "processes"));
      await writeFile(path.join(folder, "processes", "wide.yml"), FILE);
      const deps = {
        readCatalogue: (files = ["processes/*.yml"] as readonly string[]) => readProcesses(folder, files),
      };
      const one = await world(setting, { deps });
      const two = await world(setting, { target: one.target, clock: one.clock, deps });
      const first = await one.runs.registerFiles();
      expect(first.problems).toEqual([]);
      expect(first.declared.filter((item) => item.outcome === "created")).toHaveLength(TASKS + 2);
      const again = await two.runs.registerFiles();
      expect(again.declared.every((item) => item.outcome === "unchanged")).toBe(true);
      await writeFile(path.join(folder, "processes", "wide.yml"), FILE.replace("Load 7,", "Load seven,"));
      const third = await two.runs.registerFiles();
      expect(third.declared.filter((item) => item.outcome !== "unchanged")).toEqual([
        {
          key: "CORP/WIDE/1/7",
          outcome: "updated",
          changes: [{ field: "TaskName", before: "Load 7", after: "Load seven" }],
        },
      ]);

      const rooms = [one.runs, two.runs];
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, n) => rooms[n % 2]?.generateExecutionSteps("r", "CORP", "WIDE", "2026-11-20")),
      );
      expect(made.filter((answer) => answer?.replayed === false)).toHaveLength(1);
      expect(await one.runs.steps({ executionId: "r" })).toHaveLength(TASKS + 1);

      // Both try to start every task, by their own run ids: each task has one holder.
      const tasks = Array.from({ length: TASKS }, (_, n) => ({ ...RUN, workflowId: 1, taskId: n + 1 }));
      const starts = await Promise.allSettled(
        tasks.flatMap((task) => rooms.map((room, n) => room.startTask({ ...task, sourceRunId: `process-${n}` }))),
      );
      expect(starts.filter((start) => start.status === "fulfilled")).toHaveLength(TASKS);
      for (const start of starts)
        if (start.status === "rejected") expect(start.reason).toMatchObject({ code: "already_running" });
      await Promise.all(tasks.flatMap((task) => rooms.map((room) => room.endTask(task))));
      expect(await one.runs.views.v_processStatus({})).toMatchObject([
        { Done: TASKS, Pending: 0, Failed: 0, OverallStatus: "DONE" },
      ]);
      // Sixty tasks share the watermark: the last to end moves it, once.
      expect(await one.runs.watermarkHistory({ projectCode: "CORP", processLoad: "WIDE" })).toHaveLength(1);
      expect(await two.runs.check()).toMatchObject({ differing: [], verdicts: [] });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
