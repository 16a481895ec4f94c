/** Takes existing jobs under management: their YAML is written, their marker set, their state recorded. */
import { HeadgateError } from "../errors.ts";
import { type Deployment, markerOf } from "../model/identity.ts";
import type { DeclaredJob, JobSettings, RemoteJob } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { utc } from "../util/clock.ts";
import { nearest } from "../util/nearest.ts";
import { defaultOf, ruleOf } from "../workspace/fields.ts";
import { openSession, type SessionDeps } from "./apply-session.ts";
import { fingerprint } from "./fingerprint.ts";
import { flatten } from "./leaves.ts";
import type { AdoptReport } from "./room.ts";
import type { OtherJob } from "./survey.ts";

/** Writes the declarations of adopted jobs. @returns the file of each, in order */
export type WriteJobs = (
  jobs: readonly { resource: string; settings: JobSettings }[],
  out: string | undefined,
) => Promise<string[]>;

/** What {@link adoptJobs} needs. */
export interface AdoptDeps extends SessionDeps {
  writeJobs: WriteJobs;
  declare(): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }>;
  current: { plan: Plan; jobs: readonly DeclaredJob[]; survey: { others: readonly OtherJob[] } };
  where: Deployment;
}

const TAG_LIMIT = 25;

/** A resource id made of a name: lower case, words joined by `_`, unique among `taken`. */
export function resourceOf(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "_")
      .replace(/^_+|_+$/g, "") || "job";
  const start = /^[0-9]/.test(plain) ? `job_${plain}` : plain;
  for (let n = 1; ; n++) {
    const resource = n === 1 ? start : `${start}_${n}`;
    if (!taken.has(resource)) return resource;
  }
}

/** Settings as worth writing down: without the marker, and without what the service would fill in anyway. */
export function tidySettings(settings: JobSettings, markerTag: string): JobSettings {
  const { [markerTag]: _marker, ...tags } = settings.tags ?? {};
  const all = { ...settings, tags };
  const drop = new Set<string>();
  for (const leaf of flatten(all).leaves.values()) {
    const rule = ruleOf(leaf.pattern);
    if (rule?.kind === "volatile" || leaf.pattern === "format") drop.add(leaf.path);
    if (rule?.kind === "default" && String(leaf.value) === String(defaultOf(rule, all))) drop.add(leaf.path);
  }
  return pruneLeaves(all, drop);
}

function pruneLeaves(settings: JobSettings, drop: ReadonlySet<string>): JobSettings {
  const flat = flatten(settings);
  const copy = structuredClone(settings);
  const twin = flatten(copy);
  for (const path of drop) {
    const parent = twin.containers.get(flat.parents.get(path) ?? "");
    const member = path.slice(path.lastIndexOf(".") + 1);
    if (parent && !Array.isArray(parent) && typeof parent === "object") delete parent[member];
  }
  return withoutEmpty(copy) as JobSettings;
}

/** Drops empty maps and lists that are members of a map, but keeps what says something by being there. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const inner = withoutEmpty(member);
    const empty = typeof inner === "object" && inner !== null && Object.keys(inner).length === 0;
    if (inner === null || (empty && key !== "continuous" && !key.endsWith("_task"))) continue;
    kept[key] = inner;
  }
  return kept;
}

/**
 * Adopts jobs that nobody declares here. Their YAML is written first, then the state under the lock and the marker on
 * each job; the next plan is empty. Safe to repeat: what is adopted already is left out.
 * @throws HeadgateError `not_found` for a name that no such job has; `input_invalid` where a name is not unique
 */
export async function adoptJobs(
  deps: AdoptDeps,
  options: { all?: boolean; names?: string[]; out?: string },
): Promise<AdoptReport> {
  const chosen = choose(deps.current.survey.others, options);
  const problems: Problem[] = [];
  const taken = new Set(deps.current.plan.changes.map((change) => change.resource));
  const wanted: { resource: string; job: RemoteJob; settings: JobSettings }[] = [];
  for (const other of chosen) {
    const answer = await deps.workspace.getJob(other.jobId);
    if (answer.kind !== "found") {
      problems.push(left(other, answer.kind === "forbidden" ? `may not be read: ${answer.message}` : "is gone"));
      continue;
    }
    const resource = resourceOf(answer.job.settings.name ?? other.jobId, taken);
    taken.add(resource);
    wanted.push({ resource, job: answer.job, settings: tidySettings(answer.job.settings, deps.markerTag) });
  }
  if (wanted.length === 0) return { adopted: [], problems };
  const files = await deps.writeJobs(wanted, options.out);
  const declared = new Map((await deps.declare()).jobs.map((job) => [job.resource, job]));
  const missing = wanted.filter((one) => !declared.has(one.resource));
  if (missing.length > 0) {
    throw new HeadgateError(
      "declaration_invalid",
      `${files[0]} was written, but no source of the project reads ${missing.map((one) => one.resource).join(", ")} from it`,
      {
        hint: "add its folder to jobs.sources, or choose --out inside one",
        permanent: true,
      },
    );
  }
  const session = await openSession(deps.current.plan, deps, {});
  try {
    for (const { resource, job } of wanted)
      await take(resource, job, declared.get(resource) as DeclaredJob, deps, session);
  } finally {
    const failed = await session.close();
    if (failed)
      problems.push({
        severity: "error",
        code: failed.code,
        place: undefined,
        path: "",
        message: failed.message,
        hint: failed.hint,
      });
  }
  return {
    adopted: wanted.map(({ resource, job }, index) => ({
      resource,
      jobId: job.jobId,
      name: job.settings.name ?? "",
      file: files[index] ?? "",
    })),
    problems,
  };
}

function left(job: OtherJob, why: string): Problem {
  return {
    severity: "error",
    code: "not_adopted",
    place: undefined,
    path: "",
    message: `job ${job.jobId} '${job.name}' ${why}`,
    hint: undefined,
  };
}

function choose(others: readonly OtherJob[], options: { all?: boolean; names?: string[] }): OtherJob[] {
  if (options.all) return [...others].sort((a, b) => (a.name < b.name ? -1 : 1));
  return (options.names ?? []).map((name) => {
    const found = others.filter((job) => job.name === name || job.jobId === name);
    if (found.length > 1) {
      throw new HeadgateError(
        "input_invalid",
        `${found.length} jobs are named '${name}': ${found.map((job) => job.jobId).join(", ")}`,
        { hint: "name the one you mean by its id", permanent: true },
      );
    }
    const [job] = found;
    if (job) return job;
    const near = nearest(
      name,
      others.map((other) => other.name),
    );
    throw new HeadgateError("not_found", `no undeclared job is named '${name}'`, {
      hint: near ? `did you mean '${near}'?` : undefined,
      permanent: true,
    });
  });
}

async function take(
  resource: string,
  job: RemoteJob,
  declared: DeclaredJob,
  deps: AdoptDeps,
  session: Awaited<ReturnType<typeof openSession>>,
): Promise<void> {
  await session.checkLock();
  const marker = markerOf(deps.where, resource);
  const own = { ...job.settings.tags };
  delete own[deps.markerTag];
  const marked = Object.keys(own).length < TAG_LIMIT;
  const tags = marked ? { ...own, [deps.markerTag]: marker } : own;
  if (marked) {
    await session.journal({ kind: "intent", resource, action: "adopt", jobId: job.jobId });
    await deps.workspace.updateJob(job.jobId, { tags });
  }
  const answer = await deps.workspace.getJob(job.jobId);
  const found = answer.kind === "found" ? answer.job.settings : { ...job.settings, tags };
  const sent: JobSettings = marked ? { ...declared.settings, tags } : declared.settings;
  const at = utc(deps.clock.now());
  const change: Change = {
    resource,
    action: "recover",
    jobId: job.jobId,
    name: job.settings.name ?? resource,
    reason: "adopted",
    fields: [],
    impact: { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] },
  };
  const prints = fingerprint(session.digestKey, flatten(sent).leaves, flatten(found).leaves);
  session.finish(
    change,
    {
      jobId: job.jobId,
      name: change.name,
      ...prints,
      secret: [],
      marked,
      protect: declared.protect,
      serial: session.state.serial,
      at,
    },
    {
      resource,
      serial: session.state.serial,
      at,
      actor: session.actor,
      commit: session.plan.git?.commit ?? null,
      action: "adopt",
      jobId: job.jobId,
      settings: declared.settings,
    },
  );
}
