import { expect, it } from "vitest";
import { applyMode } from "./mode.ts";

const JOB = {
  name: "Load",
  schedule: { quartz_cron_expression: "0 0 2 * * ?", pause_status: "UNPAUSED" },
  trigger: { periodic: { interval: 1 } },
  continuous: {},
  triggers: [{ periodic: { interval: 1 } }, "odd"],
};

it("names a development deployment after its user, and lets nothing start by itself", () => {
  expect(applyMode(JOB as never, "development", "anna.smith@example.com")).toEqual({
    name: "[dev anna_smith] Load",
    schedule: { quartz_cron_expression: "0 0 2 * * ?", pause_status: "PAUSED" },
    trigger: { periodic: { interval: 1 }, pause_status: "PAUSED" },
    continuous: { pause_status: "PAUSED" },
    triggers: [{ periodic: { interval: 1 }, pause_status: "PAUSED" }, "odd"],
  });
});

it("leaves every other target alone", () => {
  expect(applyMode(JOB as never, "production", "anna")).toBe(JOB);
  expect(applyMode(JOB as never, undefined, "anna")).toBe(JOB);
});

it("adds no second prefix to a name that has the declaration's own", () => {
  expect(applyMode(JOB as never, "development", "anna", true)).toMatchObject({
    name: "Load",
    schedule: { pause_status: "PAUSED" },
  });
});
