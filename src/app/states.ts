/** States of deployments and their locks: in the workspace, or in the database that all who deploy share. */
import { hostname } from "node:os";
import type { Config } from "../config/load.ts";
import type { LockWish } from "../jobs/apply-session.ts";
import type { Deployment } from "../model/identity.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";
import { acquireLock } from "../workspace/lock.ts";
import type { HeldLock } from "../workspace/lock-hold.ts";
import { openStateStore, type StateStore, stateFolder, storeFolder } from "../workspace/state.ts";
import type { JobsWorkspace, WorkspaceFiles } from "../workspace/workspace.ts";

/** What {@link openStates} needs. */
export interface StatesOptions {
  config: Config;
  workspace: JobsWorkspace;
  /** Of the workspace. */
  files: WorkspaceFiles;
  store: () => Promise<Store>;
  clock: Clock;
  onWarning: (text: string) => void;
}

/** States and locks of deployments. */
export interface States {
  states(deployment: Deployment): StateStore;
  lock(deployment: Deployment, wish: LockWish): Promise<HeldLock>;
}

/** The store's files, opened with the first of them that is asked for. */
function storeFiles(store: () => Promise<Store>): WorkspaceFiles {
  const files = async () => (await store()).files;
  return {
    read: async (path) => (await files()).read(path),
    write: async (path, text) => (await files()).write(path, text),
    createNew: async (path, text) => (await files()).createNew(path, text),
    remove: async (path) => (await files()).remove(path),
    list: async (path) => (await files()).list(path),
    folders: async (path) => (await files()).folders(path),
  };
}

/**
 * Says where states and locks are, by `jobs.state` of the config. In the store, a lock's times are those of the
 * database's clock: machines that share it need not agree on the time.
 */
export function openStates({ config, workspace, files, store, clock, onWarning }: StatesOptions): States {
  const { state } = config.jobs;
  const kept = state.kind === "store" ? storeFiles(store) : files;
  const folderOf = (deployment: Deployment) =>
    state.kind === "store" ? storeFolder(deployment) : stateFolder(deployment, state.path);

  async function skew(): Promise<() => number> {
    if (state.kind === "workspace") return workspace.clockSkew;
    const ahead = (await (await store()).files.now()) - clock.now();
    return () => ahead;
  }

  return {
    states: (deployment) => openStateStore({ files: kept, folder: folderOf(deployment), deployment }),
    async lock(deployment, wish) {
      const me = await workspace.me();
      const lock = await acquireLock({
        ...wish,
        files: kept,
        folder: folderOf(deployment),
        clock,
        clockSkew: await skew(),
        holder: me.userName,
        host: hostname(),
        pid: process.pid,
        isDead: (record) => wish.dead.has(record.id),
      });
      if (lock.takenOver)
        onWarning(`the lock of ${lock.takenOver.record?.holder ?? "somebody"} was taken over (${lock.takenOver.why})`);
      return lock;
    },
  };
}
