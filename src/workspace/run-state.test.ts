/** The two vocabularies of run states. */
import { describe, expect, test } from "vitest";
import { readRunState } from "./run-state.ts";

const status = (state: string, code?: string, type?: string) => ({
  status: { state, ...(code === undefined ? {} : { termination_details: { code, ...(type ? { type } : {}) } }) },
});
const state = (life_cycle_state: string, result_state?: string) => ({
  state: { life_cycle_state, ...(result_state === undefined ? {} : { result_state }) },
});

describe("the new words", () => {
  test.each([
    [status("QUEUED"), "queued"],
    [status("PENDING"), "pending"],
    [status("BLOCKED"), "pending"],
    [status("WAITING"), "pending"],
    [status("RUNNING"), "running"],
    [status("TERMINATING"), "running"],
    [status("TERMINATED", "SUCCESS", "SUCCESS"), "done"],
    [status("TERMINATED", "SUCCESS_WITH_FAILURES", "SUCCESS"), "done"],
    [status("TERMINATED", "USER_CANCELED", "SUCCESS"), "cancelled"],
    [status("TERMINATED", "SKIPPED", "SUCCESS"), "skipped"],
    [status("TERMINATED", "MAX_CONCURRENT_RUNS_EXCEEDED", "CLIENT_ERROR"), "skipped"],
    [status("TERMINATED", "CLUSTER_ERROR", "CLOUD_FAILURE"), "failed"],
    [status("TERMINATED", "RUN_EXECUTION_ERROR"), "failed"],
    [status("TERMINATED", "SOMETHING_NEW", "CLIENT_ERROR"), "failed"],
  ])("%j is %s", (wire, wanted) => {
    expect(readRunState(wire).state).toBe(wanted);
  });
});

describe("the old words, where the new ones are missing", () => {
  test.each([
    [state("QUEUED"), "queued"],
    [state("PENDING"), "pending"],
    [state("WAITING_FOR_RETRY"), "pending"],
    [state("RUNNING"), "running"],
    [state("SKIPPED"), "skipped"],
    [state("INTERNAL_ERROR", "FAILED"), "failed"],
    [state("TERMINATED", "SUCCESS"), "done"],
    [state("TERMINATED", "TIMEDOUT"), "failed"],
    [state("TERMINATED", "CANCELED"), "cancelled"],
    [state("TERMINATED", "UPSTREAM_FAILED"), "skipped"],
    [state("TERMINATED", "MAXIMUM_CONCURRENT_RUNS_REACHED"), "skipped"],
  ])("%j is %s", (wire, wanted) => {
    expect(readRunState(wire).state).toBe(wanted);
  });
});

describe("words nobody knows", () => {
  test.each([
    [status("HIBERNATING"), "HIBERNATING"],
    [status("TERMINATED", "SOMETHING_NEW"), "TERMINATED/SOMETHING_NEW"],
    [state("HIBERNATING"), "HIBERNATING"],
    [state("TERMINATED", "ODD"), "TERMINATED/ODD"],
    [{}, ""],
  ])("%j is unknown, shown as it is", (wire, shown) => {
    expect(readRunState(wire)).toMatchObject({ state: "unknown", platformState: shown });
  });

  test("the old words decide where only the new ones are unknown", () => {
    expect(readRunState({ ...status("TERMINATED", "SOMETHING_NEW"), ...state("TERMINATED", "SUCCESS") }).state).toBe(
      "done",
    );
  });
});

test.each([
  ["TIMEDOUT", "failed"],
  ["CANCELED", "cancelled"],
])("ended by the platform as %s is %s", (result, wanted) => {
  expect(
    readRunState({ ...status("TERMINATED", "CANCELED", "CLIENT_ERROR"), ...state("TERMINATED", result) }).state,
  ).toBe(wanted);
});

test("a task that never ran is skipped, though its new words name the failure", () => {
  const wire = {
    ...status("TERMINATED", "RUN_EXECUTION_ERROR", "CLIENT_ERROR"),
    ...state("TERMINATED", "UPSTREAM_FAILED"),
  };
  expect(readRunState(wire).state).toBe("skipped");
});
