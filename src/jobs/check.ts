/** Checks a declared job without a workspace: everything the service would refuse, at file, line and column. Pure. */
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";
import { isObject, type Json } from "../util/json.ts";
import { checkClusters } from "./check-clusters.ts";
import { checkFields, type Report } from "./check-fields.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkStarts } from "./check-starts.ts";
import { checkTasks, rowsOf, uniqueKeys } from "./check-tasks.ts";

/** Limits of the Jobs API (Databricks Jobs API reference, resource limits). */
const MOST_TASKS = 1_000;
const MOST_TAGS = 25;
const NAME_BYTES = 4_096;
const DESCRIPTION_CHARACTERS = 27_700;
const MOST_RUNS = 1_000;
const MOST_WEBHOOKS = 3;

function checkLimits(settings: JobSettings, report: Report): void {
  const { name, description, tags, tasks, max_concurrent_runs: runs } = settings;
  if (typeof name === "string") {
    const bytes = new TextEncoder().encode(name).length;
    if (bytes > NAME_BYTES) report("name", "limit", `a name has at most ${NAME_BYTES} bytes, found ${bytes}`);
    if (name.trim() === "") report("name", "bad_value", "a name is not empty");
  }
  if (typeof description === "string" && description.length > DESCRIPTION_CHARACTERS) {
    const message = `a description has at most ${DESCRIPTION_CHARACTERS} characters, found ${description.length}`;
    report("description", "limit", message);
  }
  if (isObject(tags) && Object.keys(tags).length > MOST_TAGS) {
    report("tags", "limit", `a job has at most ${MOST_TAGS} tags, found ${Object.keys(tags).length}`);
  }
  if (Array.isArray(tasks) && tasks.length > MOST_TASKS) {
    report("tasks", "limit", `a job has at most ${MOST_TASKS} tasks, found ${tasks.length}`);
  }
  if (typeof runs === "number" && (runs < 0 || runs > MOST_RUNS)) {
    report("max_concurrent_runs", "limit", `0 to ${MOST_RUNS} runs at a time, found ${runs}`);
  }
  checkWebhooks(settings.webhook_notifications, "webhook_notifications", report);
  rowsOf(tasks).forEach((task, index) => {
    checkWebhooks(task.webhook_notifications, `tasks[${index}].webhook_notifications`, report);
    if (typeof task.max_retries === "number" && task.max_retries < -1) {
      report(`tasks[${index}].max_retries`, "limit", `-1 (for ever) or more, found ${task.max_retries}`);
    }
  });
}

function checkWebhooks(events: Json | undefined, path: string, report: Report): void {
  if (!isObject(events)) return;
  for (const [event, list] of Object.entries(events)) {
    if (Array.isArray(list) && list.length > MOST_WEBHOOKS) {
      report(`${path}.${event}`, "limit", `at most ${MOST_WEBHOOKS} destinations an event, found ${list.length}`);
    }
  }
}

function checkOthers(settings: JobSettings, report: Report): void {
  uniqueKeys(settings.parameters, "parameters", "name", report);
  const { git_source: git, run_as: runAs } = settings;
  if (isObject(git)) {
    if (git.git_url === undefined) report("git_source", "missing_field", "git_url is missing");
    if (git.git_provider === undefined) report("git_source", "missing_field", "git_provider is missing");
    const refs = ["git_branch", "git_tag", "git_commit"].filter((key) => git[key] !== undefined);
    if (refs.length > 1) report(`git_source.${refs[1]}`, "exclusive", `${refs.join(" and ")} exclude each other`);
  }
  if (isObject(runAs)) {
    const who = ["user_name", "service_principal_name", "group_name"].filter((key) => runAs[key] !== undefined);
    if (who.length > 1) report(`run_as.${who[1]}`, "exclusive", `${who.join(" and ")} exclude each other`);
  }
}

/**
 * Everything that is wrong with a declared job and can be seen without a workspace, all at once, in the order of the
 * file. Errors are what the service refuses; what it merely might not like is a warning.
 */
export function checkJob(job: DeclaredJob): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, code, message, hint, severity = "error") => {
    problems.push({
      severity,
      code,
      place: job.placeOf(path),
      path: path === "" ? `jobs.${job.resource}` : `jobs.${job.resource}.${path}`,
      message,
      hint,
      resource: job.resource,
    });
  };
  const { settings } = job;
  checkFields(settings, report);
  checkTasks(settings, report);
  checkClusters(settings, report);
  checkStarts(settings, report);
  checkLimits(settings, report);
  checkOthers(settings, report);
  checkPermissions(job.permissions, report);
  const line = (problem: Problem) => (problem.place?.file === job.place.file ? problem.place.line : 0);
  return problems.sort((a, b) => line(a) - line(b) || (a.place?.column ?? 0) - (b.place?.column ?? 0));
}
