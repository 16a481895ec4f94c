/** How an apply begins: the lock is taken, and the state is read under it and must be the one the plan was made of. */
import { randomBytes, randomUUID } from "node:crypto";
import { HeadgateError } from "../errors.ts";
import type { Plan } from "../model/plan.ts";
import type { DeployState } from "../model/state.ts";
import { utc } from "../util/clock.ts";
import type { HeldLock, SessionDeps } from "./apply-session.ts";
import { deadLocks } from "./journal.ts";
import type { ApplyOptions } from "./room.ts";

/** Writes down which lock this process holds: whoever finds the process dead may go on at once. */
export async function noteLock(deps: SessionDeps, id: string): Promise<void> {
  await deps.journal.append({
    kind: "lock",
    resource: "",
    action: "lock",
    lock: { id, pid: deps.pid, host: deps.host },
    at: utc(deps.clock.now()),
  });
}

/** Takes the lock; one of a killed apply on this machine is taken over at once. @throws HeadgateError `lock_held` */
export async function takeLock(
  plan: Plan,
  deps: SessionDeps,
  options: ApplyOptions,
): Promise<{ lock: HeldLock; id: string }> {
  const before = await deps.states.read();
  const id = randomUUID();
  const dead = deadLocks(await deps.journal.read(), deps.host, deps.isAlive);
  await noteLock(deps, id);
  const lock = await deps.lock(deps.deployment, {
    id,
    fence: before?.fence ?? 0,
    breakLock: options.breakLock ?? false,
    commit: plan.git?.commit ?? null,
    dead,
  });
  return { lock, id };
}

/** Reads the state under the lock; lets go of it where the plan cannot be applied. @throws HeadgateError `plan_stale`, `lock_lost` */
export async function readUnderLock(plan: Plan, deps: SessionDeps, lock: HeldLock): Promise<DeployState> {
  try {
    const found = await deps.states.read();
    if (found !== undefined && found.fence >= lock.n) {
      throw new HeadgateError("lock_lost", "a later holder of the lock has written the state; nothing was sent", {
        hint: "plan again, read it, then apply",
        permanent: false,
      });
    }
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
    const state = found ?? freshState(plan, deps);
    state.fence = lock.n;
    state.headgate = deps.headgate;
    return state;
  } catch (error) {
    await lock.release().catch((late: unknown) => {
      // The first fault is the one to tell; the lock ends by itself.
      if (!(late instanceof HeadgateError)) throw late;
    });
    throw error;
  }
}

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
