/** Carries a plan out: one call a change, each job read again just before, the state saved as it goes. */

import { HeadgateError } from "../errors.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { ApplyItem } from "../model/view.ts";
import { applyChange } from "./apply-change.ts";
import { type ApplySession, openSession, type SessionDeps } from "./apply-session.ts";
import { callsOfSettings } from "./desired.ts";
import type { ApplyOptions, ApplyReport } from "./room.ts";

const CONCURRENCY = 8;

/** Rows of a plan that are sent, in the order in which they may start. */
interface Work {
  send: Change[];
  /** Shown as skipped, with the reason. */
  skip: { change: Change; code: string; fails: boolean }[];
  held: number;
}

/** Sorts a plan's rows into what is sent and what is not. */
export function sortWork(plan: Plan, allowDelete: number): Work {
  const work: Work = { send: [], skip: [], held: 0 };
  const deletions = plan.changes.filter(
    (change) => change.action === "delete" && change.code !== "gone" && change.code !== "unreadable",
  );
  if (allowDelete > 0 && deletions.length > allowDelete) {
    throw new HeadgateError(
      "guard_delete",
      `the plan deletes ${deletions.length} jobs, ${allowDelete} are allowed; nothing was sent`,
      {
        hint: `look at them, then repeat with --allow-delete ${deletions.length}: ${deletions
          .slice(0, 5)
          .map((change) => change.resource)
          .join(", ")}${deletions.length > 5 ? ", …" : ""}`,
        permanent: true,
      },
    );
  }
  for (const change of plan.changes) {
    if (change.action === "noop") continue;
    if (change.action === "conflict" || change.action === "refused") {
      work.skip.push({ change, code: change.code ?? change.action, fails: change.code !== "protected" });
    } else if (change.fields.some((field) => field.kind === "conflict")) {
      work.skip.push({ change, code: "field_conflict", fails: true });
    } else if (
      change.action === "delete" &&
      change.code !== "gone" &&
      (allowDelete === 0 || change.code === "unreadable")
    ) {
      work.held += 1;
      work.skip.push({ change, code: "held_delete", fails: false });
    } else work.send.push(change);
  }
  return work;
}

/** Refuses what a safety rule forbids, before anything is sent. */
function guard(plan: Plan, work: Work, options: ApplyOptions): void {
  if (plan.behind && !options.allowBehind) {
    throw new HeadgateError(
      "behind",
      `${plan.behind.appliedBy} applied commit ${plan.behind.appliedCommit.slice(0, 12)} on ${plan.behind.appliedAt}, which this checkout does not contain; nothing was sent`,
      {
        hint: "pull first, or repeat with --allow-behind to undo what the plan shows",
        permanent: true,
      },
    );
  }
  if (plan.state === null && !options.firstDeploy && work.send.some((change) => change.action === "create")) {
    throw new HeadgateError(
      "first_deploy",
      `there is no state for ${plan.project}/${plan.target} in workspace ${plan.workspaceId}: if it was deployed before, its jobs would be made twice; nothing was sent`,
      {
        hint: "if this is the first deployment, repeat with --first-deploy; jobs you may not see cannot be recognised",
        permanent: true,
      },
    );
  }
}

/**
 * Applies a plan. Safe to repeat after any crash: a creation is announced in the state file before it is sent, every
 * job carries its marker, and each answer is on disk before the next call.
 * @throws HeadgateError `behind`, `first_deploy`, `guard_delete`, `lock_held`, `plan_stale` before anything was sent
 */
export async function applyPlan(plan: Plan, deps: SessionDeps, options: ApplyOptions = {}): Promise<ApplyReport> {
  const work = sortWork(plan, options.allowDelete ?? 0);
  guard(plan, work, options);
  const items = new Map<string, ApplyItem>();
  const note = (change: Change, state: ApplyItem["state"], more: Partial<ApplyItem> = {}) => {
    const item: ApplyItem = {
      resource: change.resource,
      action: change.action,
      state,
      jobId: change.jobId,
      error: null,
      ...more,
    };
    items.set(change.resource, item);
    options.onProgress?.(item);
  };
  for (const { change, code } of work.skip) {
    note(change, "skipped", { error: { code, message: change.reason, hint: change.hint ?? null } });
  }
  if (work.send.length === 0) return report(items, work, plan.state?.serial ?? 0, []);

  const session = await openSession(plan, deps, options);
  const failures: HeadgateError[] = [];
  let closing: HeadgateError | undefined;
  try {
    await session.announce(work.send.filter((change) => change.action === "create" || change.action === "recreate"));
    await inOrder(work.send, session, options, async (change) => {
      note(change, "running");
      const { jobId, error } = await applyChange(change, session, options);
      if (error) failures.push(error);
      note(change, error ? "failed" : "done", {
        jobId: jobId ?? change.jobId,
        error: error ? { code: error.code, message: error.message, hint: error.hint ?? null } : null,
      });
    });
  } finally {
    closing = await session.close();
  }
  for (const change of work.send) {
    if (!items.has(change.resource))
      note(change, "skipped", { error: { code: "interrupted", message: "not started", hint: "run again" } });
  }
  if (closing) failures.push(closing);
  const interrupted = options.signal?.aborted === true;
  return {
    ...report(items, work, session.state.serial, failures, interrupted),
    ...(closing ? { error: closing.message } : {}),
  };
}

/** Runs changes a few at a time; one waits until the jobs it calls have their ids, deletions come last. */
async function inOrder(
  changes: readonly Change[],
  session: ApplySession,
  options: ApplyOptions,
  carryOut: (change: Change) => Promise<void>,
): Promise<void> {
  const waiting = new Set(changes);
  const running = new Set<Promise<void>>();
  const ahead = new Set(changes.map((change) => change.resource));
  const ready = (change: Change) => {
    if (change.action === "delete") return [...waiting].every((other) => other.action === "delete");
    return callsOfSettings(change.desired ?? {}).every(
      (resource) => !ahead.has(resource) || session.idOf(resource) !== undefined,
    );
  };
  while (waiting.size > 0 && !options.signal?.aborted) {
    let next = running.size < CONCURRENCY ? [...waiting].find(ready) : undefined;
    // Nothing can start and nothing runs: what is left waits for a job that failed; each says so itself.
    if (next === undefined && running.size === 0) [next] = waiting;
    if (next === undefined) {
      await Promise.race(running);
      continue;
    }
    const change = next;
    waiting.delete(change);
    const run = carryOut(change).finally(() => {
      ahead.delete(change.resource);
      running.delete(run);
    });
    running.add(run);
  }
  await Promise.all(running);
}

const SAFETY = new Set<string>(["owner_conflict", "plan_stale", "field_conflict", "conflict", "lock_lost"]);

function report(
  items: Map<string, ApplyItem>,
  work: Work,
  serial: number,
  failures: readonly HeadgateError[],
  interrupted = false,
): ApplyReport {
  const all = [...items.values()];
  const count = (state: ApplyItem["state"]) => all.filter((item) => item.state === state).length;
  const done = count("done");
  const refused = work.skip.filter((skip) => skip.fails).map((skip) => skip.code);
  const codes = [...failures.map((failure) => failure.code as string), ...refused];
  let exitCode = 0;
  if (interrupted) exitCode = 130;
  else if (codes.length === 0) exitCode = 0;
  else if (codes.some((code) => code === "forbidden" || code === "unauthorized")) exitCode = 77;
  else if (done === 0 && codes.every((code) => SAFETY.has(code))) exitCode = 3;
  else if (codes.every((code) => code === "invalid")) exitCode = done === 0 ? 65 : 1;
  else if (refused.length === 0 && failures.every((failure) => failure.permanent === false)) exitCode = 75;
  else exitCode = 1;
  return {
    items: all.sort((a, b) => (a.resource < b.resource ? -1 : 1)),
    summary: { done, failed: count("failed"), skipped: count("skipped"), held: work.held },
    serial,
    exitCode,
  };
}
