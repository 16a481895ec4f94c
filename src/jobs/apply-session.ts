/** One apply under its lock: the state file as it grows, the journal beside it, and the names and ids known so far. */
import { randomBytes, randomUUID } from "node:crypto";
import { HeadgateError } from "../errors.ts";
import type { Deployment } from "../model/identity.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { DeployState, HistoryEntry, JobState } from "../model/state.ts";
import { type Clock, utc } from "../util/clock.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import type { SecretReference } from "./desired.ts";
import { deadLocks, type Journal, type JournalEntry } from "./journal.ts";
import type { ApplyOptions } from "./room.ts";

/** Where the state file is kept. */
export interface StateStore {
  read(): Promise<DeployState | undefined>;
  write(state: DeployState): Promise<void>;
  addHistory(entries: readonly HistoryEntry[]): Promise<void>;
}

/** The lock while we hold it. */
export interface HeldLock {
  /** Its fencing number. */
  n: number;
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
  readonly actor: string;
  readonly digestKey: Buffer;
  /** Id of a resource's job, where it has one by now. */
  idOf(resource: string): string | undefined;
  /** Name of a resource's job. */
  nameOf(resource: string): string | undefined;
  /** Writes the creations to come into the state file. */
  announce(creations: readonly Change[]): Promise<void>;
  /** Refuses to go on when the lock is lost. Asks the workspace at most every few seconds. */
  checkLock(): Promise<void>;
  journal(entry: Omit<JournalEntry, "at">): Promise<void>;
  /** Takes a finished change into the state; saved within seconds. */
  finish(change: Change, row: JobState | undefined, history: HistoryEntry): void;
  /** Saves what is unsaved and lets go of the lock. @returns why the state could not be saved; the journal is kept then */
  close(): Promise<HeadgateError | undefined>;
}

const SAVE_EVERY_MS = 3_000;
const VERIFY_EVERY_MS = 10_000;

function freshState(plan: Plan, deps: SessionDeps): DeployState {
  return {
    formatVersion: 1,
    project: plan.project,
    target: plan.target,
    workspaceId: plan.workspaceId,
    user: deps.deployment.user ?? null,
    lineage: randomUUID(),
    serial: 0,
    fence: 0,
    headgate: deps.headgate,
    digestKey: randomBytes(32).toString("base64"),
    appliedBy: null,
    jobs: {},
    pending: {},
  };
}

/**
 * Takes the lock and reads the state again under it.
 * @throws HeadgateError `lock_held`; `plan_stale` when the state moved since the plan was made
 */
export async function openSession(plan: Plan, deps: SessionDeps, options: ApplyOptions): Promise<ApplySession> {
  const { clock } = deps;
  const me = await deps.workspace.me();
  const before = await deps.states.read();
  const id = randomUUID();
  const dead = deadLocks(await deps.journal.read(), deps.host, deps.isAlive);
  // On disk before the lock is taken: whoever finds this process dead may go on at once.
  await deps.journal.append({
    kind: "lock",
    resource: "",
    action: "lock",
    lock: { id, pid: deps.pid, host: deps.host },
    at: utc(clock.now()),
  });
  const lock = await deps.lock(deps.deployment, {
    id,
    fence: before?.fence ?? 0,
    breakLock: options.breakLock ?? false,
    commit: plan.git?.commit ?? null,
    dead,
  });
  let state: DeployState;
  try {
    const found = await deps.states.read();
    const same =
      found === undefined
        ? plan.state === null
        : plan.state?.lineage === found.lineage && plan.state.serial === found.serial;
    if (!same) {
      const who = found?.appliedBy ? ` by ${found.appliedBy.actor} on ${found.appliedBy.at}` : "";
      throw new HeadgateError("plan_stale", `the state changed since this plan was made${who}; nothing was sent`, {
        hint: "plan again, read it, then apply",
        permanent: false,
      });
    }
    state = found ?? freshState(plan, deps);
  } catch (error) {
    await lock.release();
    throw error;
  }
  const actor = options.actor ?? me.userName;
  /** Jobs of the plan that are there already; a job to be made has no id until it is in the state. */
  const known = new Map(
    plan.changes.map((change) => [
      change.resource,
      { name: change.name, jobId: change.action === "create" || change.action === "recreate" ? null : change.jobId },
    ]),
  );
  state.fence = lock.n;
  state.headgate = deps.headgate;
  let history: HistoryEntry[] = [];
  let unsaved = false;
  let savedAt = clock.now();
  let verifiedAt = clock.now();
  let saving: Promise<void> | undefined;
  let saveError: unknown;

  const verify = async () => {
    verifiedAt = clock.now();
    if (await lock.stillMine()) return;
    throw new HeadgateError(
      "lock_lost",
      "the lock expired and somebody else has taken it over; stopped before the next change",
      {
        hint: "plan again: what was done so far is found by its markers",
        permanent: false,
      },
    );
  };
  const save = async () => {
    await verify();
    unsaved = false;
    savedAt = clock.now();
    const entries = history;
    history = [];
    state.serial += 1;
    state.appliedBy = {
      actor,
      host: deps.host,
      at: utc(clock.now()),
      commit: plan.git?.commit ?? null,
      branch: plan.git?.branch ?? null,
      dirty: plan.git?.dirty ?? false,
    };
    if (entries.length > 0) await deps.states.addHistory(entries.map((entry) => ({ ...entry, serial: state.serial })));
    await deps.states.write(state);
  };
  const saveSoon = () => {
    unsaved = true;
    if (saving !== undefined || clock.now() - savedAt < SAVE_EVERY_MS) return;
    saving = save()
      .catch((error: unknown) => {
        unsaved = true;
        saveError = error;
      })
      .finally(() => {
        saving = undefined;
      });
  };

  return {
    deps,
    plan,
    state,
    actor,
    digestKey: Buffer.from(state.digestKey, "base64"),
    idOf: (resource) => state.jobs[resource]?.jobId ?? known.get(resource)?.jobId ?? undefined,
    nameOf: (resource) => known.get(resource)?.name ?? state.jobs[resource]?.name,
    async announce(creations) {
      if (creations.length === 0) return;
      for (const change of creations) {
        const marker = change.desired?.tags?.[deps.markerTag] ?? "";
        // The id of a job that is gone must not be used by those that call it.
        delete state.jobs[change.resource];
        state.pending[change.resource] = { at: utc(clock.now() + deps.workspace.clockSkew()), marker };
      }
      await save();
    },
    async checkLock() {
      if (saveError instanceof HeadgateError && saveError.code === "lock_lost") throw saveError;
      if (clock.now() - verifiedAt >= VERIFY_EVERY_MS) await verify();
    },
    journal: (entry) => deps.journal.append({ ...entry, at: utc(clock.now()) }),
    finish(change, row, entry) {
      delete state.pending[change.resource];
      if (row === undefined) delete state.jobs[change.resource];
      else {
        for (const [resource, other] of Object.entries(state.jobs))
          if (other.jobId === row.jobId) delete state.jobs[resource];
        state.jobs[change.resource] = { ...row, serial: state.serial + 1 };
      }
      history.push(entry);
      saveSoon();
    },
    async close() {
      try {
        await saving;
        if (unsaved) await save();
        await deps.journal.clear();
        return undefined;
      } catch (error) {
        if (!(error instanceof HeadgateError)) throw error;
        return new HeadgateError(
          error.code === "lock_lost" ? "lock_lost" : "retry",
          `the state file could not be saved: ${error.message}`,
          {
            hint: "run again: what was done is found by its markers",
            permanent: false,
            cause: error,
          },
        );
      } finally {
        await lock.release();
      }
    },
  };
}
