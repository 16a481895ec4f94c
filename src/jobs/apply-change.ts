/** Carries out one row of a plan. */
import { HeadgateError } from "../errors.ts";
import type { JobSettings, RemoteJob } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import type { HistoryEntry, JobState } from "../model/state.ts";
import { utc } from "../util/clock.ts";
import type { ApplySession } from "./apply-session.ts";
import { fillReferences } from "./desired.ts";
import { fingerprint, pathHash } from "./fingerprint.ts";
import { flatten } from "./leaves.ts";
import { revisionOf } from "./plan.ts";
import { hideSecrets } from "./present.ts";
import type { ApplyOptions } from "./room.ts";

/** What came of one change. */
export interface ChangeOutcome {
  jobId?: string | undefined;
  error?: HeadgateError | undefined;
}

const TAG_LIMIT = 25;
const POLL_MS = 1_000;

/** Carries out one change; an error is returned, not thrown, since the other changes go on. */
export async function applyChange(
  change: Change,
  session: ApplySession,
  options: ApplyOptions,
): Promise<ChangeOutcome> {
  try {
    await session.checkLock();
    const jobId = await carryOut(change, session);
    if (jobId !== undefined) await startIfWanted(change, jobId, session, options);
    return { jobId };
  } catch (error) {
    if (error instanceof HeadgateError) return { error };
    throw error;
  }
}

async function carryOut(change: Change, session: ApplySession): Promise<string | undefined> {
  switch (change.action) {
    case "create":
    case "recreate":
      return create(change, session);
    case "update":
    case "recover":
      return update(change, session);
    case "delete":
      await remove(change, session);
      return undefined;
    default:
      throw new HeadgateError("internal", `a change '${change.action}' cannot be applied`);
  }
}

interface ToSend {
  settings: JobSettings;
  secrets: Set<string>;
  marked: boolean;
}

/** The settings of a change with every reference filled in. */
function toSend(change: Change, session: ApplySession): ToSend {
  const secrets = new Set<string>();
  const settings = fillReferences(change.desired ?? {}, (reference, path) => {
    if (reference.kind === "job") {
      // Names are declared, so they are known; an id is known once that job is there.
      const value = reference.field === "name" ? session.nameOf(reference.key) : session.idOf(reference.key);
      if (value !== undefined) return value;
      throw new HeadgateError("retry", `it uses job ${reference.key}, which is not there yet`, {
        hint: "run again once that job is there",
        permanent: false,
      });
    }
    const value = session.deps.secretOf(reference);
    if (value === undefined)
      throw new HeadgateError("declaration_invalid", `${reference.raw} cannot be resolved here`, { permanent: true });
    secrets.add(path);
    return value;
  });
  if (Object.keys(settings.tags ?? {}).length <= TAG_LIMIT) return { settings, secrets, marked: true };
  const { [session.deps.markerTag]: _marker, ...tags } = settings.tags ?? {};
  return { settings: { ...settings, tags }, secrets, marked: false };
}

async function create(change: Change, session: ApplySession): Promise<string> {
  const { workspace } = session.deps;
  const send = toSend(change, session);
  await session.journal({ kind: "intent", resource: change.resource, action: change.action });
  const body: JobSettings = change.permissions
    ? { ...send.settings, access_control_list: change.permissions }
    : send.settings;
  let jobId: string;
  try {
    jobId = await workspace.createJob(body);
  } catch (error) {
    if (!(error instanceof HeadgateError) || error.data?.sent !== true) throw error;
    jobId = await findLost(change, session, error);
  }
  await session.journal({ kind: "outcome", resource: change.resource, action: change.action, jobId });
  await settle(change, jobId, send, session);
  return jobId;
}

/** The job of a creation whose answer was lost, found by its marker as soon as the list shows it. */
async function findLost(change: Change, session: ApplySession, lost: HeadgateError): Promise<string> {
  const { workspace, clock, markerTag, settleMs } = session.deps;
  const marker = change.desired?.tags?.[markerTag];
  const until = clock.now() + settleMs;
  for (;;) {
    const found: RemoteJob[] = [];
    for await (const job of workspace.listJobs({ name: change.desired?.name }))
      if (job.settings.tags?.[markerTag] === marker) found.push(job);
    if (found[0]) return found[0].jobId;
    if (clock.now() >= until) {
      throw new HeadgateError("retry", "the answer to its creation was lost, and no job with its marker is listed", {
        hint: "run again: it is looked for before it is created",
        permanent: false,
        cause: lost,
      });
    }
    await clock.sleep(POLL_MS);
  }
}

/** Reads the job just before its change. @throws HeadgateError `plan_stale` when it moved since the plan was made */
async function readAgain(change: Change, session: ApplySession): Promise<RemoteJob> {
  const jobId = change.jobId ?? "";
  const answer = await session.deps.workspace.getJob(jobId);
  if (answer.kind === "forbidden") {
    throw new HeadgateError("forbidden", `job ${jobId} may not be read any more`, {
      hint: answer.message,
      permanent: true,
    });
  }
  if (answer.kind === "missing") {
    throw new HeadgateError("plan_stale", `job ${jobId} is gone since the plan was made`, {
      hint: "plan again",
      permanent: false,
    });
  }
  if (revisionOf(answer.job.settings) !== change.base) {
    throw new HeadgateError("plan_stale", `job ${jobId} was changed since the plan was made`, {
      hint: "plan again, read it, then apply",
      permanent: false,
    });
  }
  return answer.job;
}

async function update(change: Change, session: ApplySession): Promise<string> {
  const jobId = change.jobId ?? "";
  const job = await readAgain(change, session);
  const send = toSend(change, session);
  if (change.fields.length > 0) {
    await session.journal({ kind: "intent", resource: change.resource, action: change.action, jobId });
    await session.deps.workspace.resetJob(jobId, send.settings);
    await session.journal({ kind: "outcome", resource: change.resource, action: change.action, jobId });
    await settle(change, jobId, send, session);
  } else {
    record(change, jobId, send, job, session);
  }
  return jobId;
}

/** Reads the job after its change: what the service made of it is part of what we remember. */
async function settle(change: Change, jobId: string, send: ToSend, session: ApplySession): Promise<void> {
  const answer = await session.deps.workspace.getJob(jobId);
  const found =
    answer.kind === "found"
      ? answer.job
      : { jobId, creator: undefined, createdAt: undefined, runAs: undefined, settings: send.settings };
  record(change, jobId, send, found, session);
}

function record(change: Change, jobId: string, send: ToSend, found: RemoteJob, session: ApplySession): void {
  const prints = fingerprint(session.digestKey, flatten(send.settings).leaves, flatten(found.settings).leaves);
  const at = utc(session.deps.clock.now());
  const row: JobState = {
    jobId,
    name: send.settings.name ?? change.name,
    ...prints,
    secret: [...send.secrets].map(pathHash),
    marked: send.marked,
    protect: change.protect ?? false,
    serial: session.state.serial,
    at,
  };
  session.finish(change, row, entryOf(change, jobId, change.desired ?? null, at, session));
}

async function remove(change: Change, session: ApplySession): Promise<void> {
  const jobId = change.jobId ?? "";
  const at = utc(session.deps.clock.now());
  if (change.code === "gone") {
    session.finish(change, undefined, entryOf(change, jobId, null, at, session));
    return;
  }
  const job = await readAgain(change, session);
  const secret = new Set(session.state.jobs[change.resource]?.secret ?? []);
  const kept = hideSecrets(job.settings, (path) => secret.has(pathHash(path)));
  await session.journal({ kind: "intent", resource: change.resource, action: "delete", jobId });
  await session.deps.workspace.deleteJob(jobId);
  await session.journal({ kind: "outcome", resource: change.resource, action: "delete", jobId });
  session.finish(change, undefined, entryOf(change, jobId, kept, at, session));
}

function entryOf(
  change: Change,
  jobId: string,
  settings: JobSettings | null,
  at: string,
  session: ApplySession,
): HistoryEntry {
  return {
    resource: change.resource,
    serial: session.state.serial,
    at,
    actor: session.actor,
    commit: session.plan.git?.commit ?? null,
    action: change.action,
    jobId,
    settings: settings === null ? null : (settings as HistoryEntry["settings"]),
  };
}

async function startIfWanted(
  change: Change,
  jobId: string,
  session: ApplySession,
  options: ApplyOptions,
): Promise<void> {
  const created = change.action === "create" || change.action === "recreate";
  if (options.run !== "all" && !(options.run === "created" && created)) return;
  await session.deps.workspace.runNow(jobId, {
    token: `headgate-${session.state.lineage.slice(0, 8)}-${session.state.serial}-${jobId}`.slice(0, 64),
  });
}
