/** What a declared job should be in the workspace: marker added, references to other jobs and to secrets filled in. */
import type { Deployment } from "../model/identity.ts";
import { markerOf } from "../model/identity.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import { fillLate, type LateReference, lateReferences } from "../model/late-reference.ts";
import type { Problem } from "../model/problem.ts";
import type { Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { hasReference, mapTexts } from "./leaves.ts";
import type { DesiredQuery, FoundQueries } from "./queries.ts";

/** A declared job made ready to be compared and sent. */
export interface DesiredJob {
  declared: DeclaredJob;
  resource: string;
  /** Settings to show and keep: secrets as references. */
  shown: JobSettings;
  /** Settings to compare and send: secrets filled in. */
  settings: JobSettings;
  /** Leaf paths that hold a secret. */
  secrets: Set<string>;
  /** Resources whose id it uses. */
  calls: string[];
  /** Saved queries of its tasks. */
  queries: DesiredQuery[];
}

/** A reference to a secret. */
export type SecretReference = Exclude<LateReference, { kind: "job" | "query" }>;

/** What {@link buildDesired} needs besides the declarations. */
export interface DesiredContext {
  deployment: Deployment;
  /** Name of the marker tag; without it jobs are not marked. */
  markerTag: string | undefined;
  /** Id of a resource's job, where it is known. */
  idOf(resource: string): string | undefined;
  /** A resource's saved queries that are there, by task key. */
  queries?: FoundQueries | undefined;
  /** Value of `${env:NAME}` or `${file:PATH}`, or undefined when there is none. */
  secretOf(reference: SecretReference): string | undefined;
}

/** Tags a job may have (Databricks Jobs API reference, resource limits). */
export const TAG_LIMIT = 25;

/**
 * A job's tags with its marker. One that has as many of its own as there may be goes without: it lives by the state
 * file alone.
 */
export function markedTags(
  tags: JobSettings["tags"],
  markerTag: string,
  marker: string,
): { tags: Record<string, string>; marked: boolean } {
  const { [markerTag]: _old, ...own } = tags ?? {};
  const marked = Object.keys(own).length < TAG_LIMIT;
  return { tags: marked ? { ...own, [markerTag]: marker } : own, marked };
}

/** An id as the wire wants it: a number, lossless. */
function wireId(id: string): Json {
  const value = Number(id);
  return Number.isSafeInteger(value) ? value : BigInt(id);
}

/**
 * Fills in the references that wait until settings are compared or sent: ids of other jobs, and secrets. `fill` gives
 * the text for one, or undefined to leave it as written; an id that is a whole `job_id` becomes a number.
 */
export function fillReferences(
  settings: JobSettings,
  fill: (reference: LateReference, path: string) => string | undefined,
): JobSettings {
  if (!hasReference(settings)) return settings;
  return mapTexts(settings, (text, path, member) => {
    if (!text.includes("${")) return text;
    const filled = fillLate(text, (reference) => fill(reference, path));
    return member === "job_id" && typeof filled === "string" && /^\d+$/.test(filled) ? wireId(filled) : filled;
  }) as JobSettings;
}

/** Resources whose id a job's settings use. */
export function callsOfSettings(settings: JobSettings): string[] {
  if (!hasReference(settings)) return [];
  const found = new Set<string>();
  mapTexts(settings, (text) => {
    if (text.includes("${")) {
      for (const reference of lateReferences(text)) {
        if (reference.kind === "job" && reference.field === "id") found.add(reference.key);
      }
    }
    return text;
  });
  return [...found];
}

/**
 * Makes declared jobs ready to be compared. A job with a reference that cannot be resolved is left out and named in
 * `problems`; the others go on.
 */
export function buildDesired(
  jobs: readonly DeclaredJob[],
  context: DesiredContext,
): { desired: DesiredJob[]; problems: Problem[] } {
  const names = new Map(jobs.map((job) => [job.resource, job.settings.name ?? job.resource]));
  const problems: Problem[] = [];
  const desired = jobs.flatMap((job) => {
    const before = problems.length;
    const made = desiredJob(job, context, names, problems);
    return problems.length === before ? [made] : [];
  });
  const rings = callRings(desired, context.idOf);
  problems.push(...rings);
  const stuck = new Set(rings.map((problem) => problem.resource));
  return { desired: desired.filter((job) => !stuck.has(job.resource)), problems };
}

/** Jobs that call each other in a ring, where one of them is still to be made: none of them can be the first. */
function callRings(desired: readonly DesiredJob[], idOf: DesiredContext["idOf"]): Problem[] {
  // Only a job that is not there yet has to wait for those it calls.
  const open = new Map(desired.map((job) => [job.resource, job.calls.filter((called) => idOf(called) === undefined)]));
  for (let before = -1; before !== open.size; ) {
    before = open.size;
    for (const [resource, calls] of open) {
      if (idOf(resource) !== undefined || calls.every((called) => !open.has(called))) open.delete(resource);
    }
  }
  const ring = [...open.keys()];
  return desired.flatMap((job): Problem[] =>
    open.has(job.resource)
      ? [
          {
            severity: "error",
            code: "call_ring",
            place: job.declared.place,
            path: `jobs.${job.resource}`,
            message: `it waits for jobs that wait for it: ${ring.join(", ")} call each other`,
            hint: "let one of them not call the others by run_job_task",
            resource: job.resource,
          },
        ]
      : [],
  );
}

function desiredJob(
  job: DeclaredJob,
  context: DesiredContext,
  names: ReadonlyMap<string, string>,
  problems: Problem[],
): DesiredJob {
  const calls = new Set<string>();
  const report = (path: string, message: string, hint?: string) =>
    problems.push({
      severity: "error",
      code: "bad_reference",
      place: job.placeOf(path),
      path: `jobs.${job.resource}.${path}`,
      message,
      hint,
      resource: job.resource,
    });
  const secrets = new Set<string>();
  const { markerTag, deployment } = context;
  const shown: JobSettings =
    markerTag === undefined
      ? job.settings
      : {
          ...job.settings,
          tags: markedTags(job.settings.tags, markerTag, markerOf(deployment, job.resource)).tags,
        };
  const settings = fillReferences(shown, (reference, path) => {
    if (reference.kind === "job") {
      const name = names.get(reference.key);
      if (name === undefined) {
        const near = nearest(reference.key, names.keys());
        report(path, `${reference.raw} names no declared job`, near && `did you mean ${near}?`);
        return undefined;
      }
      if (reference.field === "name") return name;
      calls.add(reference.key);
      return context.idOf(reference.key);
    }
    if (reference.kind === "query") return context.queries?.get(job.resource)?.get(reference.key)?.id;
    const value = context.secretOf(reference);
    if (value !== undefined) secrets.add(path);
    else if (reference.kind === "env") report(path, `environment variable ${reference.name} is not set`);
    else report(path, `file ${reference.path} cannot be read`);
    return value;
  });
  const queries = (job.queries ?? []).map((declared): DesiredQuery => {
    let hasSecret = false;
    const sent = fillLate(declared.text, (reference) => {
      if (reference.kind !== "env" && reference.kind !== "file") return undefined;
      const value = context.secretOf(reference);
      if (value === undefined) report(`tasks[task_key=${declared.key}]`, `${reference.raw} cannot be resolved here`);
      hasSecret = true;
      return value;
    });
    const found = context.queries?.get(job.resource)?.get(declared.key);
    return { declared, sent: String(sent), hasSecret, found };
  });
  return { declared: job, resource: job.resource, shown, settings, secrets, calls: [...calls], queries };
}
