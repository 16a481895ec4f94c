/** Repairs of a run: some of its tasks run again, as new attempts in the same run. */
import { ApiError, invalid } from "../api-error.ts";
import { type JsonObject, objectsIn, readId } from "../json.ts";
import type { World } from "../world.ts";
import { originalRow } from "./answer.ts";
import { addAttempt, catchUp, settle, watchTimeout } from "./engine.ts";
import { blankTask, isDone, type Run } from "./model.ts";
import { reachable } from "./request.ts";

/** @returns the repair's id. @throws ApiError 400 as the service does */
export function repairRun(world: World, run: Run, body: JsonObject): string {
  if (!isDone(run))
    throw new ApiError(400, "INVALID_STATE", `Run ${run.runId} is active; only a run that has ended can be repaired.`);
  const last = run.repairs.at(-1);
  if (last && last.type === "REPAIR" && readId(body.latest_repair_id) !== last.id) {
    throw invalid(`latest_repair_id must be the id of the latest repair of run ${run.runId}.`);
  }
  const keys = chosen(run, body);
  const time = world.clock.now();
  if (!last) run.repairs.push(originalRow(run));
  const id = world.nextId();
  const attempts = keys.map((key) => {
    const old = run.latest.get(key);
    const attempt = blankTask(world.nextId(), key, old?.task ?? {}, (old?.attempt ?? -1) + 1);
    attempt.startTime = time;
    return attempt;
  });
  for (const attempt of attempts) addAttempt(world, run, attempt);
  run.repairs.push({
    id,
    type: "REPAIR",
    startTime: time,
    endTime: 0,
    result: undefined,
    message: "",
    code: undefined,
    taskRunIds: attempts.map(({ runId }) => runId),
  });
  Object.assign(run, {
    phase: "RUNNING",
    result: undefined,
    message: "",
    code: undefined,
    endTime: 0,
    caller: undefined,
  });
  world.runs.active.set(run.jobId, (world.runs.active.get(run.jobId) ?? new Set()).add(run));
  watchTimeout(world, run, time);
  settle(world, run, time);
  catchUp(world);
  return id;
}

function chosen(run: Run, body: JsonObject): string[] {
  const named = Array.isArray(body.rerun_tasks) ? body.rerun_tasks.map(String) : undefined;
  const failed = body.rerun_all_failed_tasks === true;
  if ((named !== undefined) === failed) {
    throw invalid("Exactly one of rerun_tasks and rerun_all_failed_tasks must be given.");
  }
  const all = [...run.latest.values()];
  for (const key of named ?? [])
    if (!run.latest.has(key)) throw invalid(`Task ${key} is not a task of run ${run.runId}.`);
  const good = ["SUCCESS", "EXCLUDED", "DISABLED"];
  const keys = new Set(named ?? all.filter(({ result }) => !good.includes(result ?? "")).map(({ key }) => key));
  if (body.rerun_dependent_tasks === true) {
    const after = new Map<string, string[]>();
    for (const { key, task } of all) {
      for (const need of objectsIn(task.depends_on)) {
        const name = String(need.task_key);
        after.set(name, [...(after.get(name) ?? []), key]);
      }
    }
    for (const key of [...keys]) for (const other of reachable(key, after)) keys.add(other);
  }
  if (keys.size === 0) throw invalid(`Run ${run.runId} has no failed tasks to repair.`);
  return all.map(({ key }) => key).filter((key) => keys.has(key));
}
