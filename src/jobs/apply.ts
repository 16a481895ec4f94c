/** Carries a plan out: one call a change, each job read again just before, the state saved as it goes. */
import { HeadgateError } from "../errors.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { ApplyItem } from "../model/view.ts";
import { applyChange, type ChangeOutcome, entriesOf, refresh } from "./apply-change.ts";
import { type ApplySession, openSession, type SessionDeps } from "./apply-session.ts";
import { applyExitCode } from "./exit-code.ts";
import { inOrder } from "./in-order.ts";
import { openMadeReader } from "./read-made.ts";
import type { ApplyOptions, ApplyReport } from "./room.ts";

const AT_ONCE = 8;

/** What is done with the rows of a plan. */
export interface Work {
  send: Change[];
  /** Jobs in which nothing differs, but of which the state remembers something older. */
  refresh: Change[];
  /** Shown as skipped, with the reason. */
  skip: { change: Change; code: string; fails: boolean }[];
  held: number;
}

/** Sorts a plan's rows into what is sent and what is not. */
export function sortWork(plan: Plan, { allowDelete = 0, firstDeploy = false }: ApplyOptions): Work {
  const work: Work = { send: [], refresh: [], skip: [], held: 0 };
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
    if (change.action === "noop") {
      if (change.refresh) work.refresh.push(change);
      continue;
    }
    if (change.action === "conflict" || change.action === "refused") {
      work.skip.push({ change, code: change.code ?? change.action, fails: change.code !== "protected" });
    } else if (change.fields.some((field) => field.kind === "conflict" && field.kept !== true)) {
      work.skip.push({ change, code: "field_conflict", fails: true });
    } else if (change.code === "announced" && !firstDeploy) {
      work.skip.push({ change, code: "announced", fails: true });
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
  const work = sortWork(plan, options);
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
  if (work.send.length === 0) {
    const serial = work.refresh.length === 0 ? undefined : await refreshOnly(plan, work.refresh, deps, options);
    return report(items, work, serial ?? plan.state?.serial ?? 0, []);
  }

  const session = await openSession(plan, deps, options);
  const failures: HeadgateError[] = [];
  let closing: Awaited<ReturnType<ApplySession["close"]>> = {};
  const over = (change: Change, { jobId, error, notKept = [] }: ChangeOutcome) => {
    if (error) failures.push(error);
    note(change, error ? "failed" : "done", {
      jobId: jobId ?? change.jobId,
      error: error ? { code: error.code, message: error.message, hint: error.hint ?? null } : notKeptNote(notKept),
    });
  };
  try {
    await session.announce(work.send.filter((change) => change.action === "create" || change.action === "recreate"));
    await session.keepDefinitions(entriesOf([...work.send, ...work.refresh], session));
    // It was told as done when it was made: what is known now is told where it is another thing.
    const made = openMadeReader(session, ({ change, outcome }, error) => {
      const { error: told, notKept = [] } = outcome;
      if (error !== undefined || (told === undefined && notKept.length > 0)) over(change, { ...outcome, error });
    });
    await inOrder(work.send, {
      atOnce: AT_ONCE,
      idOf: session.idOf,
      signal: options.signal,
      carryOut: async (change) => {
        note(change, "running");
        const outcome = await applyChange(change, session, options);
        const { jobId, unread } = outcome;
        over(change, outcome);
        if (jobId !== undefined && unread !== undefined) made.add({ change, jobId, send: unread, outcome });
      },
    });
    await made.finish();
    for (const { action, resource } of work.send)
      if ((action === "create" || action === "recreate") && !items.has(resource)) session.withdraw(resource);
    await refreshAll(work.refresh, session);
  } finally {
    closing = await session.close();
  }
  for (const change of work.send) {
    if (!items.has(change.resource))
      note(change, "skipped", { error: { code: "interrupted", message: "not started", hint: "run again" } });
  }
  if (closing.unsaved) failures.push(closing.unsaved);
  const error = closing.unsaved?.message ?? (closing.left && `not tidied up: ${closing.left.message}`);
  const interrupted = options.signal?.aborted === true;
  return {
    ...report(items, work, session.state.serial, failures, interrupted),
    ...(error === undefined ? {} : { error }),
  };
}

/** Says of a change that was made which of its fields the service did not keep as they were sent. */
function notKeptNote(paths: readonly string[]): ApplyItem["error"] {
  if (paths.length === 0) return null;
  const named = paths.slice(0, 5).join(", ") + (paths.length > 5 ? `, and ${paths.length - 5} more` : "");
  return {
    code: "not_kept",
    message: `the service did not keep ${named} as sent`,
    hint: "what it made of them is taken as it is from now on",
  };
}

/** Renews what the state remembers of jobs in which nothing differs. What cannot be renewed now is the next time. */
async function refreshAll(changes: readonly Change[], session: ApplySession): Promise<void> {
  await inOrder(changes, {
    atOnce: AT_ONCE,
    idOf: session.idOf,
    signal: session.stop,
    carryOut: async (change) => {
      try {
        await refresh(change, session);
      } catch (error) {
        if (!(error instanceof HeadgateError)) throw error;
      }
    },
  });
}

/** The same where nothing else is to be done: nobody waits for it, and nothing fails by it. @returns the new serial */
async function refreshOnly(
  plan: Plan,
  changes: readonly Change[],
  deps: SessionDeps,
  options: ApplyOptions,
): Promise<number | undefined> {
  try {
    const session = await openSession(plan, deps, { ...options, breakLock: false });
    try {
      await session.keepDefinitions(entriesOf(changes, session));
      await refreshAll(changes, session);
    } finally {
      await session.close();
    }
    return session.state.serial;
  } catch (error) {
    // Somebody else is at work, or the folder may not be written: the next apply that changes something does it.
    if (!(error instanceof HeadgateError)) throw error;
    return undefined;
  }
}

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
  return {
    items: all.sort((a, b) => (a.resource < b.resource ? -1 : 1)),
    summary: { done, failed: count("failed"), skipped: count("skipped"), held: work.held },
    serial,
    exitCode: applyExitCode({ done, refused, failures, interrupted }),
  };
}
