/** Carries out one row of a plan. */
import { HeadgateError } from "../errors.ts";
import type { JobSettings, RemoteJob } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import type { HistoryEntry, JobState } from "../model/state.ts";
import { isBesideSettings } from "./access-list.ts";
import { queryRows, type SentQueries, sendQueries, trashQueries } from "./apply-queries.ts";
import type { ApplySession } from "./apply-session.ts";
import { carryOver } from "./carry-over.ts";
import { createJob } from "./create-job.ts";
import { fillReferences } from "./desired.ts";
import { diffJob } from "./diff.ts";
import { baseOf, fingerprint, type MovedLeaves, pathHash } from "./fingerprint.ts";
import { keptPlaces, withPlacesOf } from "./keep-theirs.ts";
import { flatten } from "./leaves.ts";
import { movedSince, movedTexts } from "./moved-since.ts";
import { hideSecrets } from "./present.ts";
import { revisionOf } from "./revision.ts";
import type { ApplyOptions } from "./room.ts";
import { declaredLevels, setPermissions } from "./set-permissions.ts";

/** What came of one change. */
export interface ChangeOutcome {
  jobId?: string | undefined;
  error?: HeadgateError | undefined;
  /** Paths of fields that the service took and did not keep as they were sent. */
  notKept?: string[] | undefined;
  /** What a new job was made of: it is yet to be read what the service made of that. */
  unread?: ToSend | undefined;
}

/** Settings as they are sent. */
export interface ToSend {
  settings: JobSettings;
  /** Leaf paths that hold a secret. */
  secrets: Set<string>;
  /** Saved queries of its tasks, which are there by now. */
  queries: SentQueries;
}

/** Carries out one change; an error is returned, not thrown, since the other changes go on. */
export async function applyChange(
  change: Change,
  session: ApplySession,
  options: ApplyOptions,
): Promise<ChangeOutcome> {
  const outcome: ChangeOutcome = {};
  try {
    await session.checkLock();
    await carryOut(change, session, outcome);
    if (outcome.jobId !== undefined) await startIfWanted(change, outcome.jobId, session, options);
    return outcome;
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    // A call that waited for its repeat when the lock was lost ends as interrupted: the lock is the reason.
    const reason: unknown = session.stop.aborted && !options.signal?.aborted ? session.stop.reason : error;
    return { ...outcome, error: reason instanceof HeadgateError ? reason : error };
  }
}

/**
 * Renews the state's memory of a job in which declaration and workspace agree. Nothing is sent to the job; one that
 * moved meanwhile is left to the next plan.
 */
export async function refresh(change: Change, session: ApplySession): Promise<void> {
  const answer = await session.deps.workspace.getJob(change.jobId ?? "", { signal: session.stop });
  if (answer.kind !== "found" || revisionOf(flatten(answer.job.settings)) !== change.base) return;
  const send = toSend(change, session, await sendQueries(change, session));
  const row = rowOf(change, answer.job.jobId, send, answer.job.settings, session);
  session.finish(change, { ...row, permissions: session.rowOf(answer.job.jobId)?.permissions });
}

async function carryOut(change: Change, session: ApplySession, outcome: ChangeOutcome): Promise<void> {
  switch (change.action) {
    case "create":
    case "recreate": {
      const send = await readyToCreate(change, session);
      const jobId = await createJob(change, send.settings, session);
      outcome.jobId = jobId;
      outcome.unread = send;
      session.learn(change.resource, jobId);
      return;
    }
    case "update":
    case "recover":
      outcome.jobId = change.jobId ?? "";
      return update(change, outcome.jobId, session, outcome);
    case "delete":
      return remove(change, session);
    default:
      throw new HeadgateError("internal", `a change '${change.action}' cannot be applied`);
  }
}

/** What a creation sends. Where that cannot be made ready nothing was made, and nobody has to look for it. */
async function readyToCreate(change: Change, session: ApplySession): Promise<ToSend> {
  try {
    return toSend(change, session, await sendQueries(change, session));
  } catch (error) {
    session.withdraw(change.resource);
    throw error;
  }
}

/** The settings of a change with every reference filled in. */
function toSend(change: Change, session: ApplySession, queries: SentQueries): ToSend {
  const secrets = new Set<string>();
  const settings = fillReferences(change.desired ?? {}, (reference, path) => {
    if (reference.kind === "job") {
      // Names are declared, so they are known; an id is known once that job is there.
      const value = reference.field === "name" ? session.nameOf(reference.key) : session.idOf(reference.key);
      if (value !== undefined) return value;
      throw notThere(reference.key, session);
    }
    if (reference.kind === "query") return queries.get(reference.key)?.id;
    const value = session.deps.secretOf(reference);
    if (value === undefined)
      throw new HeadgateError("declaration_invalid", `${reference.raw} cannot be resolved here`, { permanent: true });
    secrets.add(path);
    return value;
  });
  return { settings, secrets, queries };
}

/** Why a job that another one uses has no id yet. */
function notThere(resource: string, { plan }: ApplySession): HeadgateError {
  const row = plan.changes.find((change) => change.resource === resource);
  if (row === undefined) {
    return new HeadgateError("input_invalid", `it uses job ${resource}, which is not deployed and not in this plan`, {
      hint: `select ${resource} too`,
      permanent: true,
    });
  }
  if (row.action === "conflict" || row.action === "refused") {
    return new HeadgateError("input_invalid", `it uses job ${resource}, which is left alone: ${row.reason}`, {
      hint: row.hint,
      permanent: true,
    });
  }
  return new HeadgateError("retry", `it uses job ${resource}, which is not there yet`, {
    hint: "run again once that job is there",
    permanent: false,
  });
}

/** Reads the job just before its change. @throws HeadgateError `plan_stale` when it moved since the plan was made */
async function readAgain(change: Change, session: ApplySession): Promise<RemoteJob> {
  const jobId = change.jobId ?? "";
  const answer = await session.deps.workspace.getJob(jobId, { signal: session.stop });
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
  if (revisionOf(flatten(answer.job.settings)) !== change.base) {
    throw new HeadgateError("plan_stale", `job ${jobId} was changed since the plan was made`, {
      hint: "plan again, read it, then apply",
      permanent: false,
    });
  }
  return answer.job;
}

async function update(change: Change, jobId: string, session: ApplySession, outcome: ChangeOutcome): Promise<void> {
  const { workspace } = session.deps;
  const job = await readAgain(change, session);
  const send = toSend(change, session, await sendQueries(change, session));
  if (change.fields.some((field) => !isBesideSettings(field.path) && field.kept !== true)) {
    const settings = withTheirs(send.settings, job, change);
    await session.journal({ kind: "intent", resource: change.resource, action: change.action, jobId });
    await session.checkLock();
    await workspace.resetJob(jobId, withUnknown(settings, job, session), { signal: session.stop });
    await session.journal({ kind: "outcome", resource: change.resource, action: change.action, jobId });
    await settle(change, job, send, session, outcome);
  } else recordMade(change, jobId, send, job.settings, session, outcome);
  if (await setPermissions(change, jobId, session)) rememberPermissions(change, session);
  await dropUnused(change, session);
}

/** Trashes the saved queries that the job has left behind; until then the state remembers them. */
async function dropUnused(change: Change, session: ApplySession): Promise<void> {
  const gone = new Set((change.trash ?? []).map(({ id }) => id));
  const row = session.state.jobs[change.resource];
  if (gone.size === 0 || row === undefined) return;
  await trashQueries(change, session);
  const queries = Object.entries(row.queries ?? {}).filter(([, { id }]) => !gone.has(id));
  session.finish(change, { ...row, queries: queries.length > 0 ? Object.fromEntries(queries) : undefined });
}

/** What is sent, with the fields that are to stay as they were found. */
function withTheirs(settings: JobSettings, job: RemoteJob, change: Change): JobSettings {
  try {
    return withPlacesOf(settings, job.settings, keptPlaces(change));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HeadgateError("input_invalid", `${error.message} cannot be kept as it was found`, {
      hint: "write the workspace's value into the declaration, or set it back there; then plan again",
      permanent: true,
    });
  }
}

/** What is sent, with the fields that only the workspace has and that we do not know. */
function withUnknown(settings: JobSettings, job: RemoteJob, session: ApplySession): JobSettings {
  const known = session.rowOf(job.jobId);
  const base = known && baseOf(session.digestKey, known);
  return carryOver(settings, job.settings, (path) => base?.applied(path) !== undefined);
}

/** Reads the job after its change: what the service made of it is part of what we remember. */
async function settle(
  change: Change,
  { jobId, settings: before }: RemoteJob,
  send: ToSend,
  session: ApplySession,
  outcome: ChangeOutcome,
): Promise<void> {
  // Also where the user wants to stop: what was done must be known.
  const answer = await session.deps.workspace.getJob(jobId);
  const found = answer.kind === "found" ? answer.job.settings : send.settings;
  recordMade(change, jobId, send, found, session, outcome, before);
}

/**
 * Takes a change that was sent into the state, with what the service made of it as it was read after.
 * @param before what a reset replaced
 */
export function recordMade(
  change: Change,
  jobId: string,
  send: ToSend,
  read: JobSettings,
  session: ApplySession,
  outcome: ChangeOutcome,
  before?: JobSettings,
): void {
  // Remembered as if it were as declared: what is kept shows as drift the next time, and not as a change of ours.
  const found = withPlacesOf(read, send.settings, keptPlaces(change));
  const created = change.action === "create" || change.action === "recreate";
  const moved = movedOf(jobId, send, found, before, session);
  const row = rowOf(change, jobId, send, found, session, moved);
  // Of a new job they were part of what was sent; else they are remembered when they are set.
  const permissions = created ? declaredLevels(change) : session.rowOf(jobId)?.permissions;
  session.finish(change, { ...row, permissions });
  const theirs = [...moved.paths];
  outcome.notKept = notKeptOf(send, found).filter((path) => !theirs.some((one) => one.startsWith(path)));
}

/** What somebody changed between our call and the reading after it. */
function movedOf(
  jobId: string,
  send: ToSend,
  found: JobSettings,
  before: JobSettings | undefined,
  session: ApplySession,
): MovedLeaves {
  const known = session.rowOf(jobId);
  const both = { sent: flatten(send.settings), found: flatten(found) };
  if (before === undefined || known === undefined || known.applied === "")
    return { paths: movedTexts(both), base: { settled: () => undefined } };
  const base = baseOf(session.digestKey, known);
  return { paths: movedSince({ base, before: flatten(before), ...both }), base };
}

/** Paths of fields that are not as they were sent, backend defaults apart. */
export function notKeptOf(send: ToSend, found: JobSettings): string[] {
  return diffJob({ desired: send.settings, actual: found })
    .filter((field) => field.kind === "declared")
    .map((field) => field.path);
}

function rowOf(
  change: Change,
  jobId: string,
  send: ToSend,
  found: JobSettings,
  session: ApplySession,
  moved?: MovedLeaves,
): JobState {
  return {
    jobId,
    // The name as it may be shown: it stands in the state as it is.
    name: change.name,
    ...fingerprint(session.digestKey, flatten(send.settings).leaves, flatten(found).leaves, moved),
    secret: [...send.secrets].map(pathHash),
    ...queryRows(change, send.queries, session.rowOf(jobId)),
    marked: send.settings.tags?.[session.deps.markerTag] !== undefined,
    protect: change.protect ?? false,
    serial: session.state.serial,
    at: session.now(),
  };
}

function rememberPermissions(change: Change, session: ApplySession): void {
  const row = session.state.jobs[change.resource];
  if (row) session.finish(change, { ...row, permissions: declaredLevels(change) });
}

async function remove(change: Change, session: ApplySession): Promise<void> {
  const jobId = change.jobId ?? "";
  if (change.code === "gone") {
    await trashQueries(change, session);
    if (jobId !== "") await session.findDeleted(change.resource, jobId);
    session.finish(change, undefined);
    return;
  }
  const job = await readAgain(change, session);
  const secret = new Set(session.state.jobs[change.resource]?.secret ?? []);
  const kept = hideSecrets(job.settings, (path) => secret.has(pathHash(path)));
  await session.checkLock();
  await session.keepDeleted(entryOf(change, jobId, kept, session));
  await session.journal({ kind: "intent", resource: change.resource, action: "delete", jobId });
  await session.checkLock();
  await session.deps.workspace.deleteJob(jobId, { signal: session.stop });
  await session.journal({ kind: "outcome", resource: change.resource, action: "delete", jobId });
  await trashQueries(change, session);
  session.finish(change, undefined);
}

/**
 * What is kept of changes before any of them is sent: the definitions that jobs are to have. What a job was that is
 * deleted is known, and kept, just before that.
 */
export function entriesOf(changes: readonly Change[], session: ApplySession): Omit<HistoryEntry, "serial">[] {
  return changes.flatMap((change) => {
    if (change.action === "delete" && (change.code !== "gone" || change.jobId === null)) return [];
    const made = change.action === "create" || change.action === "recreate";
    return [entryOf(change, made ? "" : (change.jobId ?? ""), change.desired ?? null, session)];
  });
}

function entryOf(
  change: Change,
  jobId: string,
  settings: JobSettings | null,
  session: ApplySession,
): Omit<HistoryEntry, "serial"> {
  return {
    resource: change.resource,
    at: session.now(),
    actor: session.actor,
    commit: session.plan.git?.commit ?? null,
    // What agrees with its declaration without an apply is found so.
    action: change.action === "noop" ? "recover" : change.action,
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
  if (options.run !== "all" && !(created && (options.run === "created" || change.start === true))) return;
  await session.checkLock();
  try {
    await session.deps.workspace.runNow(jobId, {
      token: `headgate-${session.state.lineage.slice(0, 8)}-${session.state.serial}-${jobId}`.slice(0, 64),
    });
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    throw new HeadgateError(error.code, `changed, but not started: ${error.message}`, {
      hint: error.hint ?? "start it: headgate jobs run",
      permanent: true,
      cause: error,
    });
  }
}
