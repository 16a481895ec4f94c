/** What a declared job should be in the workspace: marker added, references to other jobs and to secrets filled in. */
import type { Deployment } from "../model/identity.ts";
import { markerOf } from "../model/identity.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";
import type { Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { mapTexts } from "./leaves.ts";

/** A declared job made ready to be compared and sent. */
export interface DesiredJob {
  declared: DeclaredJob;
  resource: string;
  marker: string;
  /** Settings to show and keep: secrets as references. */
  shown: JobSettings;
  /** Settings to compare and send: secrets filled in. */
  settings: JobSettings;
  /** Leaf paths that hold a secret. */
  secrets: Set<string>;
  /** Resources whose id it uses. */
  calls: string[];
}

/** What {@link buildDesired} needs besides the declarations. */
export interface DesiredContext {
  deployment: Deployment;
  /** Name of the marker tag. */
  markerTag: string;
  /** Id of a resource's job, where it is known. */
  idOf(resource: string): string | undefined;
  /** Value of `${env:NAME}` or `${file:PATH}` (the text inside the braces), or undefined when there is none. */
  secretOf(reference: string): string | undefined;
}

const JOB_REFERENCE = /\$\{resources\.jobs\.([A-Za-z0-9_.-]+?)\.(id|name)\}/g;
const SECRET_REFERENCE = /\$\{((?:env|file):[^}]+)\}/g;

/** An id as the wire wants it: a number, lossless. */
function wireId(id: string): Json {
  const value = Number(id);
  return Number.isSafeInteger(value) ? value : BigInt(id);
}

/** Resources whose id a job's settings still wait for. */
export function waitsFor(settings: JobSettings): string[] {
  const found = new Set<string>();
  mapTexts(settings, (text) => {
    for (const match of text.matchAll(JOB_REFERENCE)) if (match[2] === "id" && match[1]) found.add(match[1]);
    return text;
  });
  return [...found];
}

/**
 * Fills in references to other jobs. `resolve` gives the text for one reference, or undefined to leave it as it is;
 * a reference that is the whole value of an id field becomes a number.
 */
export function fillJobs(
  settings: JobSettings,
  resolve: (resource: string, what: "id" | "name", path: string) => string | undefined,
): JobSettings {
  return mapTexts(settings, (text, path, member) => {
    if (!text.includes("${resources.")) return text;
    const filled = text.replace(
      JOB_REFERENCE,
      (whole, resource: string, what: "id" | "name") => resolve(resource, what, path) ?? whole,
    );
    return member === "job_id" && /^\d+$/.test(filled) ? wireId(filled) : filled;
  }) as JobSettings;
}

/**
 * Fills in references to secrets (`${env:…}`, `${file:…}`). `resolve` gives the value of one, or undefined to leave it.
 * @returns the settings to send, and the leaf paths that now hold a secret
 */
export function fillSecrets(
  settings: JobSettings,
  resolve: (reference: string, path: string) => string | undefined,
): { settings: JobSettings; secrets: Set<string> } {
  const secrets = new Set<string>();
  const filled = mapTexts(settings, (text, path) => {
    if (!text.includes("${env:") && !text.includes("${file:")) return text;
    return text.replace(SECRET_REFERENCE, (whole, reference: string) => {
      const value = resolve(reference, path);
      if (value === undefined) return whole;
      secrets.add(path);
      return value;
    });
  }) as JobSettings;
  return { settings: filled, secrets };
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
  return { desired, problems };
}

function desiredJob(
  job: DeclaredJob,
  context: DesiredContext,
  names: ReadonlyMap<string, string>,
  problems: Problem[],
): DesiredJob {
  const marker = markerOf(context.deployment, job.resource);
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
  const marked: JobSettings = { ...job.settings, tags: { ...job.settings.tags, [context.markerTag]: marker } };
  const shown = fillJobs(marked, (resource, what, path) => {
    const name = names.get(resource);
    if (name === undefined) {
      const near = nearest(resource, names.keys());
      report(path, `\${resources.jobs.${resource}.${what}} names no declared job`, near && `did you mean ${near}?`);
      return undefined;
    }
    if (what === "name") return name;
    calls.add(resource);
    return context.idOf(resource);
  });
  const { settings, secrets } = fillSecrets(shown, (reference, path) => {
    const value = context.secretOf(reference);
    if (value !== undefined) return value;
    const [kind, name = ""] = reference.split(/:(.*)/s);
    report(path, kind === "env" ? `environment variable ${name} is not set` : `file ${name} cannot be read`);
    return undefined;
  });
  return { declared: job, resource: job.resource, marker, shown, settings, secrets, calls: [...calls] };
}
