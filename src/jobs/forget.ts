/** Drops the marker of a copied job, so that it is nobody's. */
import { HeadgateError } from "../errors.ts";
import { type Deployment, markerOf } from "../model/identity.ts";
import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { DeployState } from "../model/state.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";

/** What {@link forgetCopy} looks at. */
export interface ForgetInput {
  workspace: JobsWorkspace;
  markerTag: string;
  where: Deployment;
  state: DeployState | undefined;
  jobs: readonly DeclaredJob[];
}

/**
 * Takes the marker off a job. The one that the state file knows keeps it, and so does the only one that a declared
 * resource has: without it, that would be made a second time.
 * @throws HeadgateError `owner_conflict`, `not_found`, `forbidden`, `input_invalid` where it carries no marker
 */
export async function forgetCopy(input: ForgetInput, jobId: string): Promise<{ jobId: string; name: string }> {
  const { workspace, markerTag, state } = input;
  const owner = Object.entries(state?.jobs ?? {}).find(([, row]) => row.jobId === jobId);
  if (owner) throw keeps(jobId, `is resource ${owner[0]} by the state file`);
  const { settings } = await readJob(workspace, jobId);
  const { [markerTag]: marker, ...tags } = settings.tags ?? {};
  if (marker === undefined)
    throw new HeadgateError("input_invalid", `job ${jobId} carries no tag '${markerTag}'`, { permanent: true });
  const resource = input.jobs.find((job) => markerOf(input.where, job.resource) === marker)?.resource;
  if (resource !== undefined && state?.jobs[resource] === undefined && (await isOnly(input, jobId, marker)))
    throw keeps(jobId, `is the only one with the marker of ${resource}, which the state file does not know`);
  const bare = Object.keys(tags).length === 0;
  await workspace.updateJob(jobId, bare ? {} : { tags }, bare ? ["tags"] : []);
  return { jobId, name: settings.name ?? "" };
}

function keeps(jobId: string, why: string): HeadgateError {
  return new HeadgateError("owner_conflict", `job ${jobId} ${why}; its marker stays`, {
    hint: "name the copy's id instead",
    permanent: true,
  });
}

async function readJob(workspace: JobsWorkspace, jobId: string): Promise<RemoteJob> {
  const answer = await workspace.getJob(jobId);
  if (answer.kind === "missing") throw new HeadgateError("not_found", `there is no job ${jobId}`, { permanent: true });
  if (answer.kind === "found") return answer.job;
  throw new HeadgateError("forbidden", `job ${jobId} may not be read`, { hint: answer.message, permanent: true });
}

async function isOnly({ workspace, markerTag }: ForgetInput, jobId: string, marker: string): Promise<boolean> {
  for await (const job of workspace.listJobs())
    if (job.jobId !== jobId && job.settings.tags?.[markerTag] === marker) return false;
  return true;
}
