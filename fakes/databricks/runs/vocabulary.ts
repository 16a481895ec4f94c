/** A run's state in both of the service's vocabularies: `state` (old) and `status` (new). */
import type { JsonObject } from "../json.ts";
import type { Phase, Result } from "./model.ts";

interface Stated {
  phase: Phase;
  result: Result | undefined;
  message: string;
  code: string | undefined;
}

interface Words {
  life: string;
  /** Absent where the service gives no result. */
  result?: string;
  code: string;
  type: string;
}

const WORDS: Record<Result, Words> = {
  SUCCESS: { life: "TERMINATED", result: "SUCCESS", code: "SUCCESS", type: "SUCCESS" },
  SUCCESS_WITH_FAILURES: {
    life: "TERMINATED",
    result: "SUCCESS_WITH_FAILURES",
    code: "SUCCESS_WITH_FAILURES",
    type: "SUCCESS",
  },
  FAILED: { life: "TERMINATED", result: "FAILED", code: "RUN_EXECUTION_ERROR", type: "CLIENT_ERROR" },
  INTERNAL_ERROR: { life: "INTERNAL_ERROR", result: "FAILED", code: "INTERNAL_ERROR", type: "INTERNAL_ERROR" },
  TIMEDOUT: { life: "TERMINATED", result: "TIMEDOUT", code: "CANCELED", type: "CLIENT_ERROR" },
  CANCELED: { life: "TERMINATED", result: "CANCELED", code: "USER_CANCELED", type: "CLIENT_ERROR" },
  UPSTREAM_FAILED: { life: "TERMINATED", result: "UPSTREAM_FAILED", code: "SKIPPED", type: "CLIENT_ERROR" },
  UPSTREAM_CANCELED: { life: "TERMINATED", result: "UPSTREAM_CANCELED", code: "SKIPPED", type: "CLIENT_ERROR" },
  EXCLUDED: { life: "TERMINATED", result: "EXCLUDED", code: "SKIPPED", type: "SUCCESS" },
  DISABLED: { life: "TERMINATED", result: "DISABLED", code: "DISABLED", type: "SUCCESS" },
  SKIPPED: { life: "SKIPPED", code: "MAX_CONCURRENT_RUNS_EXCEEDED", type: "CLIENT_ERROR" },
};

const TYPES: Record<string, string> = {
  INTERNAL_ERROR: "INTERNAL_ERROR",
  CLOUD_FAILURE: "CLOUD_FAILURE",
  CLUSTER_ERROR: "CLOUD_FAILURE",
};

const QUEUED = "Queued due to reaching the maximum number of concurrent runs of the job.";

/**
 * `state` and `status` of a run or a task.
 * @param whole a whole run: when one of its tasks failed, its life cycle ends with `INTERNAL_ERROR`
 */
export function stated(
  { phase, result, message, code }: Stated,
  whole: boolean,
): { state: JsonObject; status: JsonObject } {
  if (phase !== "DONE" || result === undefined) {
    return {
      state: {
        life_cycle_state: phase,
        state_message: phase === "RUNNING" ? "In run" : "",
        user_cancelled_or_timedout: phase === "TERMINATING",
        queue_reason: phase === "QUEUED" ? QUEUED : undefined,
      },
      status: {
        state: phase === "WAITING_FOR_RETRY" ? "WAITING" : phase,
        queue_details: phase === "QUEUED" ? { code: "MAX_CONCURRENT_RUNS_REACHED", message: QUEUED } : undefined,
      },
    };
  }
  const words = WORDS[result];
  const termination = code ?? words.code;
  return {
    state: {
      life_cycle_state: whole && result === "FAILED" ? "INTERNAL_ERROR" : words.life,
      result_state: words.result,
      state_message: message,
      user_cancelled_or_timedout: result === "CANCELED" || result === "TIMEDOUT",
    },
    status: {
      state: "TERMINATED",
      termination_details: { code: termination, type: (code && TYPES[code]) ?? words.type, message },
    },
  };
}
