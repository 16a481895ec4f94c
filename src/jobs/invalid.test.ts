import { describe, expect, it } from "vitest";
import type { DeclaredJob } from "../model/job.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import { NO_IMPACT } from "./impact.ts";
import { faultyRows, refuseInvalid, usable } from "./invalid.ts";
import { summaryOf } from "./summary.ts";

const place = { file: "jobs/a.yml", line: 3, column: 5 };
const fault = (resource: string, more: Partial<Problem> = {}): Problem => ({
  severity: "error",
  code: "bad_value",
  place,
  path: `jobs.${resource}.x`,
  message: "it is wrong",
  resource,
  ...more,
});
const row = (resource: string, action: Change["action"], more: Partial<Change> = {}): Change => ({
  resource,
  action,
  jobId: "1",
  name: resource,
  reason: "",
  fields: [],
  impact: NO_IMPACT,
  desired: { name: resource },
  ...more,
});
const plan = (changes: Change[], problems: Problem[]): Plan =>
  ({ changes, problems, summary: summaryOf(changes) }) as Plan;
const declared = (resource: string): DeclaredJob =>
  ({ resource, settings: { name: resource.toUpperCase() }, place, previous: [] }) as unknown as DeclaredJob;

describe("refuseInvalid", () => {
  it("sends nothing that is faulty, and says why with its place", () => {
    const made = refuseInvalid(
      plan(
        [row("a", "update", { fields: [{ path: "x", kind: "declared" }] }), row("b", "create")],
        [fault("a"), fault("b")],
      ),
    );
    expect(made.changes).toMatchObject([
      {
        resource: "a",
        action: "refused",
        code: "invalid",
        reason: "jobs/a.yml:3:5 jobs.a.x: it is wrong",
        fields: [{ path: "x" }],
      },
      { resource: "b", action: "refused", code: "invalid" },
    ]);
    expect(made.changes.some((change) => change.desired)).toBe(false);
    expect(made.summary).toMatchObject({ refused: 2, update: 0, create: 0 });
  });

  it("only warns where the workspace has exactly that job, and leaves refusals and conflicts as they are", () => {
    const rows = [row("a", "noop"), row("b", "recover"), row("c", "conflict", { code: "owner_conflict" })];
    const made = refuseInvalid(plan(rows, [fault("a"), fault("b"), fault("c")]));
    expect(made.changes.map((change) => [change.action, change.code])).toEqual([
      ["noop", undefined],
      ["recover", undefined],
      ["conflict", "owner_conflict"],
    ]);
    expect(made.problems.map((problem) => problem.severity)).toEqual(["warning", "warning", "error"]);
  });

  it("does not mind warnings, nor faults of no job", () => {
    const made = plan([row("a", "update")], [fault("a", { severity: "warning" }), fault("", { resource: undefined })]);
    expect(refuseInvalid(made)).toBe(made);
  });
});

describe("faultyRows", () => {
  const state = { jobs: { gone: { jobId: "7", name: "Gone" } } } as unknown as DeployState;
  const rowsOf = (problems: Problem[], select?: string[]) =>
    faultyRows(plan([row("b", "noop")], problems), { jobs: [declared("a"), declared("b")], state, select }).changes.map(
      ({ resource, name, jobId, action }) => [resource, name, jobId, action],
    );

  it("adds what is declared or deployed and could not be compared, in order", () => {
    expect(rowsOf([fault("gone"), fault("a"), fault("b"), fault("nowhere")])).toEqual([
      ["a", "A", null, "refused"],
      ["b", "b", "1", "noop"],
      ["gone", "Gone", "7", "refused"],
    ]);
  });

  it("adds nothing that was not selected", () => {
    expect(rowsOf([fault("gone"), fault("a")], ["b"])).toEqual([["b", "b", "1", "noop"]]);
  });
});

it("takes out declarations without form only", () => {
  const jobs = [declared("a"), declared("b")];
  expect(usable(jobs, [fault("a", { code: "wrong_type" }), fault("b")]).map((job) => job.resource)).toEqual(["b"]);
});
