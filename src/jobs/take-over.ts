/** Jobs that another tool deployed and a source knows how to find: they count as found by their marker. */
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob, RemoteJob } from "../model/job.ts";
import type { DeployState } from "../model/state.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { markersOf, stateOf } from "./ownership.ts";
import type { Survey } from "./survey.ts";

/** Ids that sources name outright. */
export function namedIds(jobs: readonly DeclaredJob[]): string[] {
  return jobs.flatMap(({ takeOver }) => (takeOver?.by === "id" ? [takeOver.jobId] : []));
}

/**
 * Puts such jobs where those with a marker are. Only for declared jobs that neither state nor marker knows; by name only
 * jobs that we made ourselves and that carry nobody's marker: db-dsc-jobs' scope, without its deletions.
 * @param me our user name; for a service principal its application id
 */
export async function takeOver(
  workspace: Pick<JobsWorkspace, "getJob">,
  jobs: readonly DeclaredJob[],
  where: Deployment,
  { state, survey, me, markerTag }: { state: DeployState | undefined; survey: Survey; me: string; markerTag: string },
): Promise<void> {
  const open = jobs.filter(
    (job) =>
      job.takeOver !== undefined &&
      stateOf(state, job) === undefined &&
      markersOf(where, job).every((marker) => !survey.byMarker.has(marker)),
  );
  const wanted = new Set(open.filter(({ takeOver }) => takeOver?.by === "name").map(({ settings }) => settings.name));
  const namesakes = new Map<string, string[]>();
  for (const other of survey.others) {
    if (!wanted.has(other.name) || other.creator !== me || other.settings.tags?.[markerTag] !== undefined) continue;
    namesakes.set(other.name, [...(namesakes.get(other.name) ?? []), other.jobId]);
  }
  for (const job of open) {
    const ids = job.takeOver?.by === "id" ? [job.takeOver.jobId] : (namesakes.get(job.settings.name ?? "") ?? []);
    const found: RemoteJob[] = [];
    for (const id of ids) {
      const answer = survey.answers.get(id) ?? (await workspace.getJob(id));
      // A job that is gone is made anew, as every other that is declared and not there.
      if (answer.kind === "found") found.push(answer.job);
    }
    const [marker] = markersOf(where, job);
    if (marker !== undefined && found.length > 0) survey.byMarker.set(marker, found);
  }
}
