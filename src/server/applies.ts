/** Applies that run in this server: one at a time, told as they go, kept in the store, stopped between two calls. */
import { audit } from "../access/audit.ts";
import type { Principal } from "../access/principal.ts";
import { HeadgateError } from "../errors.ts";
import type { Plan } from "../model/plan.ts";
import type { ApplyItem } from "../model/view.ts";
import { utc } from "../util/clock.ts";
import type { ApplyAnswer, ApplyBody, ApplyEvent } from "./api.ts";
import { API_BASE } from "./api.ts";
import { newId } from "./new-id.ts";
import { Refusal } from "./problem.ts";
import type { SavedPlan, ServerDeps } from "./server-deps.ts";
import type { Logger } from "./server-log.ts";

/** Who asked for an apply, for its audit rows. */
export interface Asker {
  principal: Principal;
  address: string;
  requestId: string;
}

/** Applies of one server. */
export interface Applies {
  /**
   * Starts an apply and returns before it ends.
   * @throws Refusal `apply_running`; HeadgateError where the store cannot keep it: then nothing was started
   */
  start(saved: SavedPlan, plan: Plan, body: ApplyBody, asker: Asker): Promise<ApplyAnswer>;
  /** An apply that runs here or is in the store; one whose server is gone reads as interrupted. */
  find(id: string): Promise<ApplyAnswer | undefined>;
  /** Lets the running apply finish its call and end; waits for that. */
  stop(): Promise<void>;
}

/** Progress is written to the store at most so often; its end always. */
const SAVE_MS = 1_000;

/**
 * An apply elsewhere that noted nothing for so long has lost its server: no single call takes longer, retries included.
 */
const SILENT_MS = 15 * 60_000;

function abandoned(apply: ApplyAnswer, noted: string): ApplyAnswer {
  return {
    ...apply,
    state: "interrupted",
    endedAt: noted,
    items: apply.items.map((item) =>
      item.state === "waiting" || item.state === "running" ? { ...item, state: "skipped" } : item,
    ),
    error: {
      code: "interrupted",
      message: "The server that ran it is gone.",
      hint: "Make a new plan and apply that: what was done stays done.",
    },
  };
}

/** Counts of an apply for an event. */
function progressOf(items: readonly ApplyItem[]): ApplyEvent["progress"] {
  const progress = { total: items.length, waiting: 0, running: 0, done: 0, failed: 0, skipped: 0 };
  for (const item of items) progress[item.state]++;
  return progress;
}

/** Makes the applies of one server. `onEvent` is told of the start, every job that moves, and the end. */
export function createApplies(
  deps: ServerDeps,
  log: Logger,
  onEvent: (event: ApplyEvent) => void,
  onEnd: (apply: ApplyAnswer) => void,
): Applies {
  const { jobs, store, clock } = deps;
  const stopping = new AbortController();
  let current: { apply: ApplyAnswer; ended: Promise<void> } | undefined;
  let starting = false;

  const tell = (apply: ApplyAnswer, item: ApplyItem | null) =>
    onEvent({
      id: apply.id,
      planId: apply.planId,
      state: apply.state,
      actor: apply.actor,
      item,
      progress: progressOf(apply.items),
    });

  async function save(apply: ApplyAnswer): Promise<void> {
    try {
      await store.jobs.saveApply(structuredClone(apply));
    } catch (error) {
      log.error({ err: error, apply: apply.id }, "progress of an apply could not be kept");
    }
  }

  async function run(apply: ApplyAnswer, plan: Plan, body: ApplyBody, asker: Asker): Promise<void> {
    const at = new Map(apply.items.map((item, index) => [item.resource, index]));
    let savedAt = clock.now();
    let saving = Promise.resolve();
    const note = (item: ApplyItem) => {
      const index = at.get(item.resource);
      if (index === undefined) at.set(item.resource, apply.items.push(item) - 1);
      else apply.items[index] = item;
    };
    try {
      const report = await jobs.apply(plan, {
        allowDelete: body.allowDelete,
        firstDeploy: body.firstDeploy,
        allowBehind: body.allowBehind,
        actor: asker.principal.actor,
        signal: stopping.signal,
        onProgress: (item) => {
          note(item);
          tell(apply, item);
          if (clock.now() - savedAt < SAVE_MS) return;
          savedAt = clock.now();
          saving = saving.then(() => save(apply));
        },
      });
      for (const item of report.items) note(item);
      apply.state = report.exitCode === 0 ? "done" : report.exitCode === 130 ? "interrupted" : "failed";
      if (report.error !== undefined) apply.error = { code: "partly_failed", message: report.error, hint: null };
    } catch (error) {
      const known = error instanceof HeadgateError ? error : undefined;
      if (known === undefined) log.error({ err: error, apply: apply.id }, "an apply failed unexpectedly");
      apply.state = known?.code === "interrupted" || stopping.signal.aborted ? "interrupted" : "failed";
      apply.error = {
        code: known?.code ?? "internal",
        message: known?.message ?? "Something went wrong in the server.",
        hint: known?.hint ?? `The server's log says more under apply ${apply.id}.`,
      };
      for (const item of apply.items) if (item.state === "waiting" || item.state === "running") item.state = "skipped";
    }
    apply.endedAt = utc(clock.now());
    await saving;
    await save(apply);
    try {
      const result = apply.state === "done" ? "ok" : (apply.error?.code ?? apply.state);
      await audit(
        store.access,
        clock,
        { ...asker.principal, address: asker.address },
        {
          action: "applyPlan",
          subject: `applies/${apply.id}`,
          result,
          status: null,
          requestId: asker.requestId,
        },
      );
    } catch (error) {
      log.error({ err: error, apply: apply.id, state: apply.state }, "the end of an apply could not be audited");
    }
    tell(apply, null);
    onEnd(apply);
  }

  return {
    async start(saved, plan, body, asker) {
      if (stopping.signal.aborted) throw new Refusal("stopping", "The server is stopping.");
      if (starting || current !== undefined) {
        const id = current?.apply.id;
        throw new Refusal("apply_running", `${current?.apply.actor ?? "Somebody"} is applying a plan.`, {
          hint: id === undefined ? "Try again in a moment." : `Follow it at ${API_BASE}/applies/${id}.`,
          data: id === undefined ? {} : { apply: id },
        });
      }
      starting = true;
      try {
        const apply: ApplyAnswer = {
          id: newId(clock.now()),
          planId: saved.id,
          state: "running",
          startedAt: utc(clock.now()),
          endedAt: null,
          actor: asker.principal.actor,
          items: plan.changes
            .filter((change) => change.action !== "noop")
            .map((change) => ({
              resource: change.resource,
              action: change.action,
              state: "waiting" as const,
              jobId: change.jobId,
              error: null,
            })),
          error: null,
        };
        // Both before the first call: an apply that leaves no trace must not happen.
        await store.jobs.saveApply(structuredClone(apply));
        await audit(
          store.access,
          clock,
          { ...asker.principal, address: asker.address },
          {
            action: "applyPlan",
            subject: `applies/${apply.id}`,
            result: "started",
            status: null,
            requestId: asker.requestId,
          },
        );
        const answer = structuredClone(apply);
        tell(apply, null);
        const ended = run(apply, plan, body, asker).finally(() => {
          current = undefined;
        });
        current = { apply, ended };
        return answer;
      } finally {
        starting = false;
      }
    },
    async find(id) {
      if (current?.apply.id === id) return structuredClone(current.apply);
      const kept = await store.jobs.findApply(id);
      if (kept?.state !== "running") return kept;
      const noted = (await store.jobs.applyJournal(id)).at(-1)?.at ?? kept.startedAt;
      return clock.now() - Date.parse(noted) < SILENT_MS ? kept : abandoned(kept, noted);
    },
    async stop() {
      stopping.abort(new HeadgateError("interrupted", "The server stopped", { hint: "Apply again to go on." }));
      if (current === undefined) return;
      log.info({ apply: current.apply.id }, "waiting until the running apply has finished its call");
      await current.ended;
    },
  };
}
