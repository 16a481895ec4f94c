/** Makes a job exactly once, also where the answer is lost or a former apply was killed on the way. */
import { HeadgateError } from "../errors.ts";
import { markerOf } from "../model/identity.ts";
import type { JobSettings, RemoteJob } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import type { ApplySession } from "./apply-session.ts";

/** How often a lost creation is looked for. Milliseconds. */
const POLL_MS = 1_000;

/**
 * Creates the job of a change. A job that has no room for the marker beside its own tags gets it at first in the place
 * of one of them, so that it can be found, and its own tags once its id is on disk.
 * @returns its id
 */
export async function createJob(change: Change, settings: JobSettings, session: ApplySession): Promise<string> {
  const { workspace, markerTag, deployment } = session.deps;
  const marker = markerOf(deployment, change.resource);
  const marked = settings.tags?.[markerTag] === marker;
  const findable: JobSettings = marked
    ? settings
    : {
        ...settings,
        tags: { ...Object.fromEntries(Object.entries(settings.tags ?? {}).slice(1)), [markerTag]: marker },
      };
  if (session.wasAnnounced(change.resource)) await refuseFound(change, marker, session);
  const jobId = await create(change, findable, marker, session);
  await session.journal({ kind: "outcome", resource: change.resource, action: change.action, jobId });
  if (!marked) {
    await session.checkLock();
    await workspace.updateJob(jobId, { tags: settings.tags ?? {} }, [], { signal: session.stop });
  }
  return jobId;
}

async function create(change: Change, settings: JobSettings, marker: string, session: ApplySession): Promise<string> {
  const body = change.permissions ? { ...settings, access_control_list: change.permissions } : settings;
  try {
    await session.journal({ kind: "intent", resource: change.resource, action: change.action });
    await session.checkLock();
    return await session.deps.workspace.createJob(body, { signal: session.stop });
  } catch (error) {
    if (error instanceof HeadgateError && error.data?.sent === true) return findLost(change, marker, session, error);
    session.withdraw(change.resource);
    throw error;
  }
}

/** A former apply announced this creation and the plan did not see its job: looked for once more, by its name. */
async function refuseFound(change: Change, marker: string, session: ApplySession): Promise<void> {
  const [found] = await withMarker(change, marker, session);
  if (found === undefined) return;
  throw new HeadgateError("retry", `a former apply has made it after all: job ${found.jobId}`, {
    hint: "run again: it is found by its marker",
    permanent: false,
  });
}

/** Jobs of the change's name with its marker, other than one that is known to be gone. */
async function withMarker(change: Change, marker: string, session: ApplySession): Promise<RemoteJob[]> {
  const { workspace, markerTag } = session.deps;
  const found: RemoteJob[] = [];
  for await (const job of workspace.listJobs({ name: change.desired?.name })) {
    if (job.settings.tags?.[markerTag] !== marker || job.jobId === change.jobId) continue;
    // A list that lags may show what is gone.
    if ((await workspace.getJob(job.jobId)).kind === "found") found.push(job);
  }
  return found;
}

/** The job of a creation whose answer was lost, found by its marker as soon as the list shows it. */
async function findLost(change: Change, marker: string, session: ApplySession, lost: HeadgateError): Promise<string> {
  const { clock, settleMs } = session.deps;
  const until = clock.now() + settleMs;
  for (;;) {
    const [found] = await withMarker(change, marker, session);
    if (found) return found.jobId;
    if (clock.now() >= until || session.stop.aborted) {
      throw new HeadgateError("retry", "the answer to its creation was lost, and no job with its marker is listed", {
        hint: "run again: it is looked for before it is created",
        permanent: false,
        cause: lost,
      });
    }
    await clock.sleep(POLL_MS, session.stop).catch((error: unknown) => {
      if (!session.stop.aborted) throw error;
    });
  }
}
