/** Keeps the state file of an apply: saved every few seconds and at the end, never under a lost lock. */
import { HeadgateError } from "../errors.ts";
import type { Plan } from "../model/plan.ts";
import type { DeployState } from "../model/state.ts";
import { utc } from "../util/clock.ts";
import type { SessionDeps } from "./apply-session.ts";

const SAVE_EVERY_MS = 3_000;
/** A large state is saved less often: of the time of an apply, a tenth at most goes into it. */
const SAVE_SHARE = 10;

/** See {@link saveState}. */
export interface StateSaver {
  /** Saves now. @throws HeadgateError */
  save(): Promise<void>;
  /** The state has changed; it is saved in the background when the last time is long enough ago. */
  saveSoon(): void;
  /** Saves what is unsaved. @returns why that could not be done */
  finish(): Promise<HeadgateError | undefined>;
}

/** What {@link saveState} needs. */
export interface SaveInput {
  state: DeployState;
  deps: Pick<SessionDeps, "states" | "clock" | "host">;
  plan: Plan;
  actor: string;
  /** Throws where the lock is no longer ours. */
  verify(): Promise<void>;
}

/** Opens the saving of one apply's state. */
export function saveState({ state, deps, plan, actor, verify }: SaveInput): StateSaver {
  const { clock, states, host } = deps;
  let unsaved = false;
  let savedAt = clock.now();
  let tookMs = 0;
  let saving: Promise<void> | undefined;
  /** What a saving in the background broke with, where that was no fault of the workspace. */
  let broken: unknown;

  async function write(): Promise<void> {
    await verify();
    savedAt = clock.now();
    unsaved = false;
    try {
      state.serial += 1;
      state.appliedBy = {
        actor,
        host,
        at: utc(clock.now()),
        commit: plan.git?.commit ?? null,
        branch: plan.git?.branch ?? null,
        dirty: plan.git?.dirty ?? false,
      };
      await states.write(state);
      tookMs = clock.now() - savedAt;
    } catch (error) {
      unsaved = true;
      throw error;
    }
  }

  /** One writing at a time. */
  async function save(): Promise<void> {
    while (saving !== undefined) await saving.catch(() => undefined);
    saving = write().finally(() => {
      saving = undefined;
    });
    await saving;
  }

  return {
    save,
    saveSoon() {
      unsaved = true;
      if (saving !== undefined || clock.now() - savedAt < Math.max(SAVE_EVERY_MS, SAVE_SHARE * tookMs)) return;
      // What fails here is tried again with the next change, and told at the end.
      save().catch((error: unknown) => {
        if (!(error instanceof HeadgateError)) broken = error;
      });
    },
    async finish() {
      while (saving !== undefined) await saving.catch(() => undefined);
      if (broken !== undefined) throw broken;
      try {
        if (unsaved) await save();
        return undefined;
      } catch (error) {
        if (!(error instanceof HeadgateError)) throw error;
        return cannotSave(error);
      }
    },
  };
}

/** The same fault for the report: refusals keep their code, all else can be repeated. */
function cannotSave(error: HeadgateError): HeadgateError {
  const kept = error.code === "lock_lost" || error.code === "forbidden" || error.code === "unauthorized";
  return new HeadgateError(kept ? error.code : "retry", `the state file could not be saved: ${error.message}`, {
    hint: kept && error.hint ? error.hint : "run again: what was done is found by its markers",
    permanent: kept ? error.permanent : false,
    cause: error,
  });
}
