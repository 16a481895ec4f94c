/** The platform's two vocabularies for the state of a run, in one word of ours. Pure. */
import type { RunState } from "../model/run.ts";
import { isObject, type JsonObject } from "../util/json.ts";

/** What {@link readRunState} makes of `status` and `state`. */
export interface RunStateReading {
  state: RunState;
  /** The platform's words, as they came. */
  platformState: string;
  code: string | undefined;
  /** `state.result_state`, as it came. */
  result: string | undefined;
  message: string | undefined;
}

/** `status.state` (new); TERMINATED is decided by its termination code. */
const BY_STATUS: Record<string, RunState> = {
  BLOCKED: "pending",
  PENDING: "pending",
  WAITING: "pending",
  QUEUED: "queued",
  RUNNING: "running",
  TERMINATING: "running",
};

/** Termination codes that are no failure. `CANCELED` is the platform's own doing, mostly a time limit: see below. */
const BY_CODE: Record<string, RunState> = {
  SUCCESS: "done",
  SUCCESS_WITH_FAILURES: "done",
  USER_CANCELED: "cancelled",
  SKIPPED: "skipped",
  DISABLED: "skipped",
  MAX_CONCURRENT_RUNS_EXCEEDED: "skipped",
};

/** Termination types: what a code we do not know amounts to. */
const BY_TYPE: Record<string, RunState> = {
  SUCCESS: "done",
  CLIENT_ERROR: "failed",
  INTERNAL_ERROR: "failed",
  CLOUD_FAILURE: "failed",
};

/** `state.life_cycle_state` (old); TERMINATED is decided by its result. */
const BY_LIFE_CYCLE: Record<string, RunState> = {
  QUEUED: "queued",
  PENDING: "pending",
  BLOCKED: "pending",
  WAITING_FOR_RETRY: "pending",
  RUNNING: "running",
  TERMINATING: "running",
  SKIPPED: "skipped",
  INTERNAL_ERROR: "failed",
};

/** `state.result_state` of a terminated run. */
const BY_RESULT: Record<string, RunState> = {
  SUCCESS: "done",
  SUCCESS_WITH_FAILURES: "done",
  FAILED: "failed",
  TIMEDOUT: "failed",
  CANCELED: "cancelled",
  UPSTREAM_CANCELED: "skipped",
  UPSTREAM_FAILED: "skipped",
  MAXIMUM_CONCURRENT_RUNS_REACHED: "skipped",
  EXCLUDED: "skipped",
  DISABLED: "skipped",
};

/**
 * Reads a run's or task run's state: `status` where it is there and understood, else `state`; what neither table knows
 * is `unknown`, which counts as not final, with the platform's words kept.
 */
export function readRunState(wire: JsonObject): RunStateReading {
  const status = isObject(wire.status) ? wire.status : undefined;
  const state = isObject(wire.state) ? wire.state : undefined;
  const details = isObject(status?.termination_details) ? status.termination_details : undefined;
  const queue = isObject(status?.queue_details) ? status.queue_details : undefined;
  const code = textOf(details?.code);
  const message = textOf(details?.message) ?? textOf(queue?.message) ?? textOf(state?.state_message);
  const byStatus = status && fromStatus(status, details);
  const byState = state && fromState(state);
  // Where the new words call it a failure, the old ones know better what never ran because of another task, and what
  // was cancelled: `CANCELED` stands for "ended by the platform, for example at its time limit" (Jobs API reference,
  // TerminationCode), which is TIMEDOUT or CANCELED in the old words.
  const finer = byStatus === "failed" && (byState === "skipped" || (code === "CANCELED" && byState === "cancelled"));
  const reading = finer ? byState : (byStatus ?? byState ?? "unknown");
  const words = status ? [status.state, code] : [state?.life_cycle_state, state?.result_state];
  return {
    state: reading,
    platformState: words.filter(Boolean).join("/"),
    code,
    result: textOf(state?.result_state),
    message,
  };
}

function fromStatus(status: JsonObject, details: JsonObject | undefined): RunState | undefined {
  const word = String(status.state ?? "");
  if (word !== "TERMINATED") return BY_STATUS[word];
  const code = String(details?.code ?? "");
  return BY_CODE[code] ?? BY_TYPE[String(details?.type ?? "")] ?? (KNOWN_FAILURES.has(code) ? "failed" : undefined);
}

function fromState(state: JsonObject): RunState | undefined {
  const word = String(state.life_cycle_state ?? "");
  const result = BY_RESULT[String(state.result_state ?? "")];
  return word === "TERMINATED" ? result : BY_LIFE_CYCLE[word];
}

/** Termination codes of failures (Jobs API 2.2 reference, `TerminationCode`), for answers without a type. */
const KNOWN_FAILURES = new Set(
  `CANCELED INTERNAL_ERROR DRIVER_ERROR CLUSTER_ERROR REPOSITORY_CHECKOUT_FAILED INVALID_CLUSTER_REQUEST
  WORKSPACE_RUN_LIMIT_EXCEEDED FEATURE_DISABLED CLUSTER_REQUEST_LIMIT_EXCEEDED STORAGE_ACCESS_ERROR RUN_EXECUTION_ERROR
  UNAUTHORIZED_ERROR LIBRARY_INSTALLATION_ERROR MAX_SPARK_CONTEXTS_EXCEEDED RESOURCE_NOT_FOUND INVALID_RUN_CONFIGURATION
  CLOUD_FAILURE MAX_JOB_QUEUE_SIZE_EXCEEDED BUDGET_POLICY_LIMIT_EXCEEDED BREAKING_CHANGE`.split(/\s+/),
);

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
