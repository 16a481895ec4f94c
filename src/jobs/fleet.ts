/** The fleet as a list: each declared job with its plan row, its last runs and its health. Pure. */

import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import type { Difference, FleetView, JobRow, ProblemView, RunMark, UnmanagedJob } from "../model/view.ts";
import { isObject } from "../util/json.ts";
import { pathHash } from "./fingerprint.ts";
import { healthOf } from "./health.ts";
import { hideSecrets } from "./present.ts";
import { scheduleView } from "./schedule.ts";
import type { OtherJob } from "./survey.ts";

/** What {@link fleetView} is made of. */
export interface FleetInput {
  plan: Plan;
  jobs: readonly DeclaredJob[];
  runs: ReadonlyMap<string, RunMark[]>;
  others: readonly OtherJob[];
  /** The job as it is in the workspace. */
  found(jobId: string | null): RemoteJob | undefined;
  state: Pick<DeployState, "jobs"> | undefined;
  host: string;
  markerTag: string;
  timezone: string;
  /** Milliseconds since 1970 UTC. */
  now: number;
  asOf: string;
}

const BY_URGENCY = ["failed", "stuck", "late", "running", "unknown", "not_deployed", "ok"];
/** Why a job is left alone, in words. */
const REFUSED: Record<string, string> = { protected: "protected", invalid: "invalid declaration" };
/** Unmanaged jobs shown at most; their number is always told. */
const UNMANAGED_SHOWN = 200;

/** Page of a job in the workspace. */
export function jobUrl(host: string, jobId: string): string {
  return `${host}/jobs/${jobId}`;
}

/** How declaration and workspace of a job compare, in words. */
export function differenceOf(change: Change | undefined): Difference {
  const fields = change?.fields.length ?? 0;
  const count = `${fields} ${fields === 1 ? "field" : "fields"}`;
  switch (change?.action) {
    case "create":
      return { kind: "create", fields, text: "new" };
    case "recreate":
      return { kind: "recreate", fields, text: "gone, to be made again" };
    case "recover":
      return { kind: "recover", fields, text: "found by its marker" };
    case "delete":
      return { kind: "delete", fields, text: "no longer declared" };
    case "refused":
      return { kind: "refused", fields, text: REFUSED[change.code ?? ""] ?? "no access" };
    case "conflict":
      return { kind: "conflict", fields, text: "two owners" };
    case "update": {
      const conflicts = change.fields.filter((field) => field.kind === "conflict").length;
      if (conflicts > 0)
        return { kind: "conflict", fields, text: `conflict: ${conflicts} ${conflicts === 1 ? "field" : "fields"}` };
      const [only] = change.fields;
      if (!change.fields.every((field) => field.kind === "drift")) return { kind: "declared", fields, text: count };
      if (fields === 1 && only?.path.endsWith("pause_status"))
        return {
          kind: "drift",
          fields,
          text: only.actual === "PAUSED" ? "drift: schedule paused" : "drift: schedule unpaused",
        };
      return { kind: "drift", fields, text: `drift: ${count}` };
    }
    default:
      return { kind: "same", fields: 0, text: "as declared" };
  }
}

function rowOf(change: Change, job: DeclaredJob | undefined, input: FleetInput): JobRow {
  const runs = change.jobId === null ? [] : (input.runs.get(change.jobId) ?? []);
  const found = shownJob(change, input);
  // What is no longer declared, or cannot be compared, is shown as it is.
  const settings = (change.code === "invalid" ? found?.settings : job?.settings) ?? found?.settings ?? {};
  const deployed = change.jobId !== null && change.action !== "recreate" && change.action !== "create";
  // What starts it is what the workspace has: a schedule that somebody paused there starts nothing.
  const starting = (deployed ? found?.settings : undefined) ?? settings;
  const place = change.place ?? job?.place;
  return {
    resource: change.resource,
    jobId: change.jobId,
    name: change.name,
    url: deployed && change.jobId !== null ? jobUrl(input.host, change.jobId) : null,
    runs: runs.slice(-8),
    verdict: healthOf({
      deployed,
      settings: starting,
      runs,
      since: input.state?.jobs[change.resource]?.at,
      now: input.now,
      timezone: input.timezone,
    }),
    schedule: scheduleView(starting, input.now),
    difference: differenceOf(change),
    place: place ? { file: place.file, line: place.line, column: place.column } : null,
    source: job?.source ?? "",
    owner: ownerOf(found),
    tags: Object.entries(settings.tags ?? {})
      .filter(([key]) => key !== input.markerTag)
      .map(([key, value]) => (value === "" ? key : `${key}: ${value}`)),
    tasks: settings.tasks?.length ?? 0,
  };
}

/** The job as it is in the workspace, with what the state knows to be secret hidden. */
function shownJob(change: Change, input: FleetInput): RemoteJob | undefined {
  const found = input.found(change.jobId);
  const secret = new Set(input.state?.jobs[change.resource]?.secret ?? []);
  if (!found || secret.size === 0) return found;
  return { ...found, settings: hideSecrets(found.settings, (path) => secret.has(pathHash(path))) };
}

/** Who a job runs as, else who made it. */
export function ownerOf(job: RemoteJob | undefined): string | null {
  const runAs = job?.settings.run_as;
  const named = isObject(runAs) ? (runAs.user_name ?? runAs.service_principal_name ?? runAs.group_name) : undefined;
  return job?.runAs ?? (typeof named === "string" ? named : undefined) ?? job?.creator ?? null;
}

/** Who seems to deploy a job, by what deployers leave on it. */
export function managerOf(job: OtherJob, markerTag: string): UnmanagedJob["managedBy"] {
  const { tags, deployment, edit_mode } = job.settings;
  if (tags?.[markerTag] !== undefined) return "headgate";
  if ((deployment as { kind?: string } | undefined)?.kind === "BUNDLE") return "bundle";
  const words = Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`.toLowerCase());
  if (words.some((word) => word.includes("terraform"))) return "terraform";
  return edit_mode === "UI_LOCKED" ? "unknown" : "ui";
}

/** A problem for the page. */
export function problemView(problem: Problem): ProblemView {
  const { severity, code, path, message } = problem;
  return { severity, code, path, message, place: problem.place ?? null, hint: problem.hint ?? null };
}

/** Composes the view; rows are sorted by what needs a person first. */
export function fleetView(input: FleetInput): FleetView {
  const declared = new Map(input.jobs.map((job) => [job.resource, job]));
  const items = input.plan.changes.map((change) => rowOf(change, declared.get(change.resource), input));
  const urgency = (row: JobRow) => {
    const place = BY_URGENCY.indexOf(row.verdict.state);
    const waits =
      row.difference.kind === "conflict" || row.difference.kind === "refused" || row.difference.kind === "drift";
    return waits ? Math.min(place, 2.5) : place;
  };
  items.sort((a, b) => urgency(a) - urgency(b) || (a.resource < b.resource ? -1 : 1));
  const needYou = items.filter(
    (row) =>
      ["failed", "stuck", "late"].includes(row.verdict.state) ||
      ["conflict", "refused", "drift"].includes(row.difference.kind),
  );
  const others = [...input.others].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    project: input.plan.project,
    target: input.plan.target,
    workspace: input.plan.workspace,
    host: input.host,
    asOf: input.asOf,
    count: items.length,
    items,
    next: null,
    unmanaged: {
      count: others.length,
      items: others.slice(0, UNMANAGED_SHOWN).map((job) => ({
        jobId: job.jobId,
        name: job.name,
        creator: job.creator ?? null,
        managedBy: managerOf(job, input.markerTag),
        schedule: scheduleView(job.settings, input.now),
        url: jobUrl(input.host, job.jobId),
      })),
    },
    problems: input.plan.problems.map(problemView),
    counts: {
      all: items.length,
      needYou: needYou.length,
      differ: items.filter((row) => row.difference.kind !== "same").length,
    },
  };
}
