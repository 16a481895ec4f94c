/** Computes the plan of jobs that another tool deploys: read as ours are, found by what that tool keeps. */
import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob } from "../model/job.ts";
import type { OtherManager, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import { utc } from "../util/clock.ts";
import type { Principal } from "../workspace/workspace.ts";
import { asLastBuilt } from "./built-libraries.ts";
import { inMode, readDeclared } from "./compute.ts";
import { buildDesired } from "./desired.ts";
import { type Deployed, explainElsewhere, identify, mayBeDeployed } from "./elsewhere.ts";
import { faultyRows, refuseInvalid, usable } from "./invalid.ts";
import type { RoomDeps } from "./open-room.ts";
import { fromDeployment } from "./other-resources.ts";
import { idsOf, markersOf } from "./ownership.ts";
import { planJobs } from "./plan.ts";
import { readAccess } from "./read-access.ts";
import type { PlanOptions } from "./room.ts";
import { surveyWorkspace } from "./survey.ts";
import { refuseUnknown } from "./unknown-resource.ts";

/** Reads what another tool keeps of its deployment of this target. @param state file or folder of its state, absolute */
export type AskDeployed = (kind: OtherManager, state: string | undefined) => Promise<Deployed>;

/** What is declared here, as that tool deploys it. */
async function readFor(
  deps: RoomDeps,
  kind: OtherManager,
  deployed: Deployed,
  me: Principal,
): Promise<{ jobs: DeclaredJob[]; problems: Problem[] }> {
  const declared = await readDeclared(deps);
  // A bundle's own mode was applied when its files were read.
  if (kind !== "bundle") return { ...declared, jobs: inMode(declared.jobs, deps.mode, me) };
  const last = new Map((deployed.jobs ?? []).map((job) => [job.resource, job.settings]));
  return fromDeployment({ ...declared, jobs: asLastBuilt(declared.jobs, last) }, deployed.ids ?? new Map());
}

/**
 * What the other tool's next deployment would do. Nothing of ours is read or written: neither state nor markers.
 * @throws HeadgateError `input_invalid` for a state that cannot be read; those of the workspace
 */
export async function computeElsewhere(
  deps: RoomDeps,
  whoAndWhere: () => Promise<Deployment>,
  kind: OtherManager,
  options: Omit<PlanOptions, "managedBy">,
): Promise<Plan> {
  const { workspace, clock } = deps;
  if (deps.deployed === undefined) throw new HeadgateError("internal", "nobody here knows what other tools keep");
  // Before anybody is asked: a file that cannot be read is the fault to tell, not that no one answers.
  const deployed = await deps.deployed(kind, options.deployedState);
  const [where, me, git] = await Promise.all([whoAndWhere(), workspace.me(), deps.git()]);
  const { plan: own } = deployed;
  const read = own ? { jobs: [...own.declared], problems: [...own.problems] } : await readFor(deps, kind, deployed, me);
  // A former resource id means nothing to other tools.
  const jobs = read.jobs.map((job) => ({ ...job, previous: [], takeOver: undefined }));
  const survey = await surveyWorkspace(workspace, {
    ids: new Set((deployed.jobs ?? []).map((job) => job.jobId)),
    markers: new Set(),
    markerTag: deps.markerTag,
    keep: mayBeDeployed(jobs, deployed),
    signal: options.signal,
  });
  const found = identify(jobs, deployed, survey.answers, { ...where, headgate: deps.headgate });
  for (const [resource, doubles] of found.unclear) {
    const [marker = ""] = markersOf(where, { resource, previous: [] });
    survey.byMarker.set(marker, doubles);
  }
  refuseUnknown(options.select, jobs, found.state);
  const ids = idsOf(jobs, where, found.state, survey);
  const built = buildDesired(usable(jobs, read.problems), {
    deployment: where,
    markerTag: undefined,
    idOf: (resource) => ids.get(resource),
    secretOf: (reference) => own?.hidden.get(reference.raw) ?? deps.secretOf(reference),
  });
  const access = await readAccess(workspace, built.desired, ids, { ...options, problems: built.problems });
  const plan = planJobs({
    deployment: where,
    workspace: deps.workspaceName,
    headgate: deps.headgate,
    now: utc(clock.now()),
    markerTag: deps.markerTag,
    declared: jobs,
    desired: built.desired,
    problems: [...read.problems.filter(({ code }) => code !== "other_mode"), ...built.problems],
    state: found.state,
    survey,
    git,
    behind: null,
    me: { userName: me.userName, seesAll: me.admin === true },
    select: options.select,
    access,
    managedBy: kind,
  });
  const whole = faultyRows(refuseInvalid(plan), { jobs, state: found.state, select: options.select });
  return explainElsewhere(whole, kind, { ...found, own });
}
