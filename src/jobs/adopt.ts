/** Takes existing jobs under management: their YAML is written, their marker set, their state recorded. */
import { HeadgateError } from "../errors.ts";
import { markerOf } from "../model/identity.ts";
import type { DeclaredJob, JobSettings, RemoteJob } from "../model/job.ts";
import type { Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { JobState } from "../model/state.ts";
import { utc } from "../util/clock.ts";
import { nearest } from "../util/nearest.ts";
import { defaultOf, ruleOf } from "../workspace/fields.ts";
import { type ApplySession, openSession, type SessionDeps } from "./apply-session.ts";
import { markedTags } from "./desired.ts";
import { fingerprint } from "./fingerprint.ts";
import { flatten } from "./leaves.ts";
import { memberPath } from "./pattern.ts";
import type { AdoptOptions, AdoptReport } from "./room.ts";
import type { OtherJob } from "./survey.ts";
import { type ChosenJob, chooseNamed } from "./take-over-ids.ts";

/** Writes the declarations of adopted jobs. @returns the file of each, in order */
export type WriteJobs = (
  jobs: readonly { resource: string; settings: JobSettings }[],
  out: string | undefined,
) => Promise<string[]>;

/** What {@link adoptJobs} needs. */
export interface AdoptDeps extends SessionDeps {
  writeJobs: WriteJobs;
  /** All that is declared, as this target deploys it. */
  declare(): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }>;
  current: { plan: Plan; jobs: readonly DeclaredJob[]; survey: { others: readonly OtherJob[] } };
}

/** A resource id made of a name: lower case, words joined by `_`, unique among `taken`. */
export function resourceOf(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .toLowerCase()
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
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

/** A job that is being adopted. */
interface Adopted {
  resource: string;
  job: RemoteJob;
  settings: JobSettings;
  /** It is declared already: nothing is written. */
  declared: boolean;
}

/**
 * One undeclared job as adopting it would declare it.
 * @throws HeadgateError `not_found`; `forbidden`; `owner_conflict` where another deployment has it
 */
export async function previewOf(
  deps: Pick<AdoptDeps, "workspace" | "markerTag" | "current">,
  jobId: string,
): Promise<{ resource: string; name: string; settings: JobSettings }> {
  const problems: Problem[] = [];
  const chosen = choose(
    deps.current.survey.others.filter((job) => job.jobId === jobId),
    { names: [jobId] },
  );
  const [one] = await readChosen(chosen, deps, problems);
  if (one) return { resource: one.resource, name: one.job.settings.name ?? jobId, settings: one.settings };
  throw new HeadgateError("owner_conflict", problems[0]?.message ?? `job ${jobId} cannot be adopted`, {
    hint: problems[0]?.hint,
    permanent: true,
  });
}

/**
 * Adopts jobs that nobody declares here, under the lock: each is noted in the journal, their YAML is written, then the
 * state, then the marker on each job; the next plan is empty. Safe to repeat, and to break off: what is adopted already
 * is left out, and a declaration whose job the state does not know yet is recognised by the journal.
 * @throws HeadgateError `not_found` for a name that no such job has; `input_invalid` where a name is not unique
 */
export async function adoptJobs(deps: AdoptDeps, options: AdoptOptions): Promise<AdoptReport> {
  const { chosen, problems } = options.named
    ? chooseNamed(options.named, {
        changes: deps.current.plan.changes,
        declared: new Set(deps.current.jobs.map((job) => job.resource)),
        others: deps.current.survey.others,
      })
    : { chosen: choose(deps.current.survey.others, options), problems: [] as Problem[] };
  if (chosen.length === 0) return { adopted: [], problems };
  const session = await openSession(deps.current.plan, deps, {});
  const adopted: AdoptReport["adopted"] = [];
  let wanted: Adopted[] = [];
  try {
    wanted = await readChosen(chosen, deps, problems);
    for (const { resource, job } of wanted)
      await session.journal({ kind: "intent", resource, action: "adopt", jobId: job.jobId });
    const written = wanted.filter((one) => !one.declared);
    const files = written.length === 0 ? [] : await deps.writeJobs(written, options.out);
    const declared = new Map((await deps.declare()).jobs.map((job) => [job.resource, job]));
    const unread: Adopted[] = [];
    await session.keepDefinitions(
      wanted.flatMap(({ resource, job: { jobId } }) => {
        const settings = declared.get(resource)?.settings;
        const { actor, plan } = session;
        const commit = plan.git?.commit ?? null;
        return settings ? [{ resource, at: session.now(), actor, commit, action: "adopt", jobId, settings }] : [];
      }),
    );
    await Promise.all(
      wanted.map(async (one) => {
        const declaration = declared.get(one.resource);
        const file = one.declared ? (declaration?.place.file ?? "") : (files[written.indexOf(one)] ?? "");
        if (declaration === undefined) unread.push(one);
        else if (await take(one, declaration, session, problems))
          adopted.push({ resource: one.resource, jobId: one.job.jobId, name: one.job.settings.name ?? "", file });
      }),
    );
    if (unread.length > 0) throw notRead(files[0] ?? "", unread);
  } finally {
    const { unsaved, left } = await session.close();
    for (const fault of [unsaved, left]) if (fault) problems.push(problemOf(fault.code, fault.message, fault.hint));
    // What was written and not taken is still there when its declaration comes to be read.
    for (const { resource, job } of wanted)
      if (session.state.jobs[resource] === undefined)
        await deps.journal.append({
          kind: "intent",
          resource,
          action: "adopt",
          jobId: job.jobId,
          at: utc(deps.clock.now()),
        });
  }
  const order = new Map(chosen.map((job, index) => [job.jobId, index]));
  adopted.sort((a, b) => (order.get(a.jobId) ?? 0) - (order.get(b.jobId) ?? 0));
  return { adopted, problems };
}

/**
 * A report that says what a development target makes of jobs that were somebody's own: the next plan is not empty.
 * Adopting is let through, since nothing has changed yet.
 */
export function withModeWarning(report: AdoptReport, target: string): AdoptReport {
  if (report.adopted.length === 0) return report;
  const warning: Problem = {
    severity: "warning",
    code: "development_target",
    place: undefined,
    path: `targets.${target}.mode`,
    message: `${target} is a development target: its next apply gives these jobs a prefix and pauses what starts them`,
    hint: "jobs that run for others belong to a target without mode: development; headgate jobs plan shows the difference",
  };
  return { ...report, problems: [...report.problems, warning] };
}

/** Reads the chosen jobs whole and names their resources, in the order they were chosen. */
async function readChosen(
  chosen: readonly ChosenJob[],
  deps: Pick<AdoptDeps, "workspace" | "markerTag" | "current">,
  problems: Problem[],
): Promise<Adopted[]> {
  const taken = new Set(deps.current.plan.changes.map((change) => change.resource));
  for (const job of deps.current.jobs) taken.add(job.resource);
  const answers = await Promise.all(chosen.map((other) => deps.workspace.getJob(other.jobId)));
  return chosen.flatMap((other, index): Adopted[] => {
    const answer = answers[index];
    if (answer?.kind !== "found") {
      problems.push(left(other, answer?.kind === "forbidden" ? `may not be read: ${answer.message}` : "is gone"));
      return [];
    }
    if (answer.job.settings.tags?.[deps.markerTag] !== undefined) {
      const why = `carries the marker of another headgate deployment`;
      problems.push(left(other, why, `if it is only a copy, 'headgate jobs forget ${other.jobId}' drops the marker`));
      return [];
    }
    const wish = other.resource ?? answer.job.settings.name ?? other.jobId;
    const declared = other.declared === true;
    const resource = declared
      ? wish
      : other.resource !== undefined && !taken.has(wish)
        ? wish
        : resourceOf(wish, taken);
    taken.add(resource);
    return [{ resource, job: answer.job, settings: tidySettings(answer.job.settings, deps.markerTag), declared }];
  });
}

function notRead(file: string, jobs: readonly Adopted[]): HeadgateError {
  return new HeadgateError(
    "declaration_invalid",
    `${file} was written, but no source of the project reads ${jobs.map((one) => one.resource).join(", ")} from it`,
    { hint: "add its folder to jobs.sources, or delete it and choose --out inside one", permanent: true },
  );
}

function problemOf(code: string, message: string, hint?: string): Problem {
  return { severity: "error", code, place: undefined, path: "", message, hint };
}

function left(job: OtherJob, why: string, hint?: string): Problem {
  return problemOf("not_adopted", `job ${job.jobId} '${job.name}' ${why}`, hint);
}

function choose(others: readonly OtherJob[], options: { all?: boolean; names?: string[] }): OtherJob[] {
  if (options.all) return [...others].sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = (options.names ?? []).map((name) => {
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
  return [...new Set(named)];
}

/**
 * Takes one job into the state, then marks it. A job that cannot be marked is adopted all the same: the state knows it,
 * and the next plan shows what it lacks.
 */
async function take(
  { resource, job }: Adopted,
  declared: DeclaredJob,
  session: ApplySession,
  problems: Problem[],
): Promise<boolean> {
  const { workspace, deployment, markerTag } = session.deps;
  const name = job.settings.name ?? resource;
  try {
    const now = await workspace.getJob(job.jobId);
    if (now.kind !== "found")
      throw new HeadgateError("not_found", now.kind === "missing" ? "it is gone" : now.message, { permanent: true });
    const { tags, marked } = markedTags(now.job.settings.tags, markerTag, markerOf(deployment, resource));
    const row = rowOf({ job, declared, marked }, session);
    session.finish({ resource }, row);
    if (marked) {
      await session.checkLock();
      await workspace.updateJob(job.jobId, { tags });
    }
    return true;
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    problems.push(problemOf(error.code, `job ${job.jobId} '${name}': ${error.message}`, error.hint));
    return session.state.jobs[resource] !== undefined;
  }
}

/**
 * The state of an adopted job: as if what was found, and is declared, had been applied. Where the declaration says
 * something else (a development target, an edit since it was read), the next plan shows that.
 */
function rowOf(
  { job, declared, marked }: { job: RemoteJob; declared: DeclaredJob; marked: boolean },
  session: ApplySession,
): JobState {
  const { markerTag, deployment } = session.deps;
  const tags = marked
    ? { ...job.settings.tags, [markerTag]: markerOf(deployment, declared.resource) }
    : job.settings.tags;
  const found = flatten({ ...job.settings, ...(tags ? { tags } : {}) }).leaves;
  const wanted = flatten(declared.settings).leaves;
  const markerPath = memberPath("tags", markerTag);
  const sent = new Map([...found].filter(([path]) => wanted.has(path) || path === markerPath));
  return {
    jobId: job.jobId,
    name: job.settings.name ?? declared.resource,
    ...fingerprint(session.digestKey, sent, found),
    secret: [],
    marked,
    protect: declared.protect,
    serial: session.state.serial,
    at: session.now(),
  };
}
