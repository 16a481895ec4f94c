/** One apply under its lock: the state file as it grows, the journal beside it, and the names and ids known so far. */

import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { DeployState, HistoryEntry, JobState } from "../model/state.ts";
import { type Clock, utc } from "../util/clock.ts";
import type { JobsWorkspace, Principal } from "../workspace/workspace.ts";
import type { SecretReference } from "./desired.ts";
import type { Journal, JournalEntry } from "./journal.ts";
import { pastsOf, withReference } from "./pasts.ts";
import type { ApplyOptions } from "./room.ts";
import { type StateSaver, saveState } from "./save-state.ts";
import { noteLock, readUnderLock, takeLock } from "./take-lock.ts";

/** Where the state file is kept. */
export interface StateStore {
  read(): Promise<DeployState | undefined>;
  write(state: DeployState): Promise<void>;
  readonly definitions: {
    keep(serial: number, entries: readonly HistoryEntry[]): Promise<Map<string, string>>;
    keepDeleted(entry: HistoryEntry): Promise<string>;
    findDeleted(jobId: string): Promise<string | undefined>;
    prune(state: DeployState, begun: number): Promise<void>;
  };
}

/** The lock while we hold it. */
export interface HeldLock {
  /** Its fencing number. */
  n: number;
  /** Aborted as soon as it is known to be lost. */
  lost?: AbortSignal | undefined;
  /** False as soon as somebody else has taken it over. */
  stillMine(): Promise<boolean>;
  release(): Promise<void>;
}

/** How the lock is to be taken. */
export interface LockWish {
  /** Random, new for each taking. */
  id: string;
  fence: number;
  breakLock: boolean;
  commit: string | null;
  /** Ids of locks whose process on this machine is dead: taken over at once. */
  dead: ReadonlySet<string>;
}

/** What an apply needs. */
export interface SessionDeps {
  workspace: JobsWorkspace;
  states: StateStore;
  lock(deployment: Deployment, options: LockWish): Promise<HeldLock>;
  journal: Journal;
  clock: Clock;
  deployment: Deployment;
  markerTag: string;
  headgate: string;
  /** Name of this machine. */
  host: string;
  pid: number;
  /** True while a process of this machine lives. */
  isAlive(pid: number): boolean;
  /** Value of `${env:…}` / `${file:…}`. */
  secretOf(reference: SecretReference): string | undefined;
  /** How long a list may lag behind: a lost creation is looked for this long before it is given up. Milliseconds. */
  settleMs: number;
}

/** An open apply. */
export interface ApplySession {
  readonly deps: SessionDeps;
  readonly plan: Plan;
  readonly state: DeployState;
  readonly me: Principal;
  readonly actor: string;
  readonly digestKey: Buffer;
  /** The user's wish to stop, or the loss of the lock: ends every waiting. */
  readonly stop: AbortSignal;
  /** Id of a resource's job, where it has one by now. */
  idOf(resource: string): string | undefined;
  /** A job that was just made: others may call it from now on, also before it is in the state. */
  learn(resource: string, jobId: string): void;
  /** Name of a resource's job. */
  nameOf(resource: string): string | undefined;
  /** The state's row of a job, also under a former resource id. */
  rowOf(jobId: string): JobState | undefined;
  /** True where a former apply announced this creation and did not finish it. */
  wasAnnounced(resource: string): boolean;
  /** The service's time as UTC text. */
  now(): string;
  /** Writes the creations to come into the state file. */
  announce(creations: readonly Change[]): Promise<void>;
  /** An announced creation that certainly made nothing: nobody has to look for its job. */
  withdraw(resource: string): void;
  /** To be called just before each write: refuses to go on when the lock is lost. Asks the workspace at most every few seconds. */
  checkLock(): Promise<void>;
  journal(entry: Omit<JournalEntry, "at">): Promise<void>;
  /** Writes definitions before they are sent; those that come true are named by the state. */
  keepDefinitions(entries: readonly Omit<HistoryEntry, "serial">[]): Promise<void>;
  /** The same for a job that is about to be deleted. */
  keepDeleted(entry: Omit<HistoryEntry, "serial">): Promise<void>;
  /** Takes the definition of a job that a former apply deleted and did not record, where it is there. */
  findDeleted(resource: string, jobId: string): Promise<void>;
  /** Takes a finished change into the state, with its kept definition; saved within seconds. */
  finish(change: Pick<Change, "resource">, row: JobState | undefined): void;
  /** Saves what is unsaved and lets go of the lock. */
  close(): Promise<Closing>;
}

/** How an apply ended. */
export interface Closing {
  /** Why the state could not be saved; the journal is kept then. */
  unsaved?: HeadgateError | undefined;
  /** What could not be tidied up: a lock that was not released ends by itself. */
  left?: HeadgateError | undefined;
}

/** Definitions that no job needs any more are removed once in so many savings. */
const PRUNE_EVERY = 32;

/** How long the last look at the lock is believed, in milliseconds. */
const VERIFY_EVERY_MS = 3_000;

/**
 * Takes the lock and reads the state again under it.
 * @throws HeadgateError `lock_held`; `plan_stale` when the state moved since the plan was made
 */
export async function openSession(plan: Plan, deps: SessionDeps, options: ApplyOptions): Promise<ApplySession> {
  const { clock, workspace } = deps;
  const me = await workspace.me();
  const { lock, id } = await takeLock(plan, deps, options);
  const state = await readUnderLock(plan, deps, lock);
  const begun = state.serial;
  const rows = indexRows(state);
  const pasts = pastsOf(state, rows.of);
  /** References of definitions that were written by this apply, by resource. */
  const kept = new Map<string, string>();
  const unmade = new Set<string>();
  const announced = new Map(Object.entries(state.pending));
  /** Jobs of the plan that are there already; a job to be made has no id until it is in the state. */
  const known = new Map(
    plan.changes.map((change) => [
      change.resource,
      { name: change.name, jobId: change.action === "create" || change.action === "recreate" ? null : change.jobId },
    ]),
  );
  const stop = AbortSignal.any([options.signal, lock.lost].filter((signal) => signal !== undefined));
  const now = () => utc(clock.now() + workspace.clockSkew());
  let verifiedAt = clock.now();
  let verifying: Promise<void> | undefined;
  let lost = false;

  /** One look at a time; whoever comes meanwhile waits for it. */
  function verify(): Promise<void> {
    verifying ??= lock
      .stillMine()
      .then((mine) => {
        lost = !mine;
        if (lost) throw lostLock();
        verifiedAt = clock.now();
      })
      .finally(() => {
        verifying = undefined;
      });
    return verifying;
  }

  const actor = options.actor ?? me.userName;
  const saver: StateSaver = saveState({ state, deps, plan, actor, verify });
  return {
    deps,
    plan,
    state,
    me,
    actor,
    digestKey: Buffer.from(state.digestKey, "base64"),
    stop,
    idOf: (resource) => state.jobs[resource]?.jobId ?? known.get(resource)?.jobId ?? undefined,
    learn(resource, jobId) {
      const row = known.get(resource);
      if (row) row.jobId = jobId;
    },
    nameOf: (resource) => known.get(resource)?.name ?? state.jobs[resource]?.name,
    rowOf: rows.of,
    wasAnnounced: (resource) => announced.has(resource),
    now,
    async announce(creations) {
      if (creations.length === 0) return;
      for (const change of creations) {
        const marker = change.desired?.tags?.[deps.markerTag] ?? "";
        // The id of a job that is gone must not be used by those that call it.
        pasts.leave(change.resource, pasts.of(change.resource, undefined));
        rows.drop(change.resource);
        state.pending[change.resource] = { at: now(), marker, by: me.userName };
      }
      await saver.save();
    },
    withdraw(resource) {
      // What became of an earlier announcement may still be unknown to others.
      const former = announced.get(resource);
      if (former) state.pending[resource] = former;
      else delete state.pending[resource];
      saver.saveSoon();
    },
    async checkLock() {
      if (lost || lock.lost?.aborted === true) throw lostLock();
      if (clock.now() - verifiedAt >= VERIFY_EVERY_MS) await verify();
    },
    journal: (entry) => deps.journal.append({ ...entry, at: utc(clock.now()) }),
    async keepDefinitions(entries) {
      if (entries.length === 0) return;
      await verify();
      const serial = state.serial + 1;
      const written = await deps.states.definitions.keep(
        serial,
        entries.map((entry) => ({ ...entry, serial })),
      );
      for (const [resource, reference] of written) kept.set(resource, reference);
      for (const { resource, jobId } of entries) if (jobId === "") unmade.add(resource);
    },
    async keepDeleted(entry) {
      const serial = state.serial + 1;
      kept.set(entry.resource, await deps.states.definitions.keepDeleted({ ...entry, serial }));
    },
    async findDeleted(resource, jobId) {
      const found = await deps.states.definitions.findDeleted(jobId);
      if (found !== undefined) kept.set(resource, found);
    },
    finish(change, row) {
      const { resource } = change;
      delete state.pending[resource];
      const reference = kept.get(resource);
      const past = pasts.of(resource, row?.jobId);
      const history =
        reference === undefined ? past : withReference(past, reference, unmade.has(resource) ? row?.jobId : undefined);
      if (row === undefined) {
        pasts.leave(resource, history);
        rows.drop(resource);
      } else {
        delete state.former?.[resource];
        rows.put(resource, { ...row, serial: state.serial + 1, ...(history.length > 0 ? { history } : {}) });
      }
      saver.saveSoon();
    },
    async close() {
      let left: HeadgateError | undefined;
      let unsaved: HeadgateError | undefined;
      try {
        unsaved = await saver.finish();
        if (unsaved === undefined && Math.floor(state.serial / PRUNE_EVERY) > Math.floor(begun / PRUNE_EVERY))
          left = await prune(deps.states, state, begun);
        // Creations that are still open are found by the journal too.
        if (unsaved === undefined && Object.keys(state.pending).length === 0) {
          await deps.journal.clear();
          // Whoever dies before the lock is released still holds it.
          await noteLock(deps, id);
        }
      } finally {
        await lock.release().catch(async (error: unknown) => {
          if (!(error instanceof HeadgateError)) throw error;
          left = error;
          // Once this process has ended, the next one on this machine need not wait.
          await noteLock(deps, id);
        });
      }
      return { unsaved, left };
    },
  };
}

/** Removes definitions that nobody can go back to any more. @returns why that could not be done: the next time does it */
async function prune(states: StateStore, state: DeployState, begun: number): Promise<HeadgateError | undefined> {
  try {
    await states.definitions.prune(state, begun);
    return undefined;
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    return error;
  }
}

/** The state's rows by job id: looked up with every change, and there may be ten thousand. */
function indexRows(state: DeployState) {
  const holders = new Map<string, Set<string>>();
  const add = (resource: string, { jobId }: JobState) => {
    const known = holders.get(jobId);
    if (known) known.add(resource);
    else holders.set(jobId, new Set([resource]));
  };
  for (const [resource, row] of Object.entries(state.jobs)) add(resource, row);

  function drop(resource: string): void {
    const row = state.jobs[resource];
    if (row) holders.get(row.jobId)?.delete(resource);
    delete state.jobs[resource];
  }

  return {
    drop,
    /** A job stands under one resource: rows of former ones go. */
    put(resource: string, row: JobState): void {
      for (const former of [...(holders.get(row.jobId) ?? []), resource]) drop(former);
      state.jobs[resource] = row;
      add(resource, row);
    },
    of(jobId: string): JobState | undefined {
      const [resource] = holders.get(jobId) ?? [];
      return resource === undefined ? undefined : state.jobs[resource];
    },
  };
}

function lostLock(): HeadgateError {
  return new HeadgateError(
    "lock_lost",
    "the lock expired and somebody else has taken it over; stopped before the next change",
    { hint: "plan again: what was done so far is found by its markers", permanent: false },
  );
}
