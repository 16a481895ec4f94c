/** A process of 300 tasks on 400 days: what the grid and the timeline of runs are tried with. */
import type { RunsRoom } from "../../src/runs/room.ts";
import { day } from "./runs-world.ts";

export const DAYS = 400;
export const TASKS = 300;
const STAGES = 12;
const OF = { projectCode: "RETAIL", processLoad: "EVERYTHING" };

/** 400 generated days; of the newest, what a night leaves behind. */
export async function seedHuge(runs: RunsRoom): Promise<void> {
  await runs.registerProcess(OF.projectCode, OF.processLoad, { owner: "Platform" });
  for (let stage = 0; stage < STAGES; stage += 1)
    await runs.registerSequence({ sequenceId: 10 + stage, sequenceCode: `STAGE_${stage}`, sortOrder: 10 + stage });
  for (let task = 1; task <= TASKS; task += 1)
    await runs.registerTask(OF.projectCode, OF.processLoad, {
      workflowId: 1,
      taskId: task,
      sequenceId: 10 + (task % STAGES),
      name: `task_${String(task).padStart(3, "0")}`,
      expectedSeconds: 300 + (task % 7) * 120,
    });
  for (let ago = DAYS - 1; ago >= 0; ago -= 1)
    await runs.generateExecutionSteps(`e-${day(ago)}`, OF.projectCode, OF.processLoad, day(ago), {
      carryForward: false,
    });
  const ref = (taskId: number) => ({
    ...OF,
    processingDate: day(0),
    executionId: `e-${day(0)}`,
    workflowId: 1,
    taskId,
  });
  for (let task = 1; task <= TASKS; task += 3) {
    if (task % 5 === 0) await runs.failTask({ ...ref(task), logMessage: "no space left on device" });
    else if (task % 7 === 0) await runs.startTask(ref(task));
    else await runs.endTask(ref(task));
  }
}
