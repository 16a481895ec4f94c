/** Names and defaults that lakeflow_jobs_meta gives its jobs: profile `lakeflow-meta`. Pure. */
import type { Problem } from "../../model/problem.ts";
import type { JsonObject } from "../../util/json.ts";
import { memberOf, memberText, overlay, type PlacedMap, placedAt, type Spot } from "../../util/placed-yaml.ts";
import { listOf, memberAt, valueMember, withMembers } from "./build-placed.ts";
import { problemAt } from "./problems.ts";

/** Which of its versions a job is written for: `module` is v0.1, `job` is v0.2. */
export type MetadataForm = "module" | "job";

/** What stands before a job's name in the workspace. */
const PREFIX: Record<MetadataForm, string> = { job: "[Lakeflow Jobs Meta] ", module: "Metadata_Driven_ETL_" };
const JOB_SECONDS = 7_200;
/** Of every task of v0.1; v0.2 does not set it. */
const TASK_SECONDS = 3_600;

/** The job with the defaults below what it says, and its name with the prefix before it. */
export function withProfile(
  job: PlacedMap,
  { form, name, prefix, at }: { form: MetadataForm; name: string; prefix: string | undefined; at: Spot },
): PlacedMap {
  const defaults: JsonObject = { timeout_seconds: JOB_SECONDS, max_concurrent_runs: 1, edit_mode: "UI_LOCKED" };
  const whole = overlay(placedAt(defaults, at), job) as PlacedMap;
  const named = withMembers(whole, {
    name: valueMember((prefix ?? PREFIX[form]) + name, job.members.get("name") ?? at),
  });
  const tasks = named.members.get("tasks");
  if (form !== "module" || tasks?.value.kind !== "list") return named;
  const items = tasks.value.items.map((task) =>
    task.kind === "map" && !task.members.has("timeout_seconds")
      ? withMembers(task, { timeout_seconds: valueMember(TASK_SECONDS, task) })
      : task,
  );
  return withMembers(named, { tasks: memberAt(listOf(items, tasks), tasks) });
}

/** Reports a job without a task, which lakeflow_jobs_meta refuses. */
export function needTasks(job: PlacedMap, at: Spot, resource: string, problems: Problem[]): void {
  const tasks = memberOf(job, "tasks");
  if (tasks?.kind === "list" && tasks.items.length > 0) return;
  const message = `job '${memberText(job, "name") ?? resource}' has no tasks`;
  const spot = job.members.get("tasks") ?? at;
  problems.push(problemAt(spot, `jobs.${resource}.tasks`, { code: "missing_field", message, resource }));
}
