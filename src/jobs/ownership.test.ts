/** The table "Who owns a job" as values, and the cases beside it. */
import { describe, expect, it } from "vitest";
import { markerOf } from "../model/identity.ts";
import type { RemoteJob } from "../model/job.ts";
import type { DeployState, JobState } from "../model/state.ts";
import type { JobAnswer } from "../workspace/workspace.ts";
import { idsOf, markersOf, ownershipOf, stateOf, witnessesOf } from "./ownership.ts";

const job = (jobId: string, tags: Record<string, string> = {}): RemoteJob => ({
  jobId,
  creator: "anna",
  createdAt: undefined,
  runAs: undefined,
  settings: { name: `J${jobId}`, tags },
});
const found = (jobId: string): JobAnswer => ({ kind: "found", job: job(jobId) });
const missing: JobAnswer = { kind: "missing" };
const forbidden: JobAnswer = { kind: "forbidden", message: "no" };
const judge = (stateId: string | undefined, answer: JobAnswer | undefined, ...marked: string[]) => {
  const verdict = ownershipOf({ resource: "a", stateId, answer, marked: marked.map((id) => job(id)) });
  const copies = "copies" in verdict ? verdict.copies.map((one) => one.jobId) : [];
  return copies.length > 0 ? [verdict.kind, copies] : [verdict.kind];
};

describe("ownershipOf", () => {
  it.each([
    ["id, marker on that job", judge("1", found("1"), "1"), ["ours"]],
    ["id, marker gone, 200", judge("1", found("1")), ["ours"]],
    ["id, marker on another job, 200", judge("1", found("1"), "2"), ["conflict", ["2"]]],
    ["id, 400 or 404", judge("1", missing), ["gone"]],
    ["id, 403", judge("1", forbidden), ["forbidden"]],
    ["nothing, one job", judge(undefined, undefined, "2"), ["recover"]],
    ["nothing, several jobs", judge(undefined, undefined, "2", "3"), ["conflict", ["2", "3"]]],
    ["nothing at all", judge(undefined, undefined), ["new"]],
    ["id, marker there and on clones", judge("1", found("1"), "2", "1", "3"), ["ours", ["2", "3"]]],
    ["id gone, a clone has its marker", judge("1", missing, "2"), ["conflict", ["2"]]],
    ["id gone, a lagging list still shows it", judge("1", missing, "1"), ["gone"]],
    ["id may not be read, a clone has its marker", judge("1", forbidden, "2"), ["forbidden"]],
  ])("%s", (_case, verdict, expected) => expect(verdict).toEqual(expected));
});

describe("former resource ids", () => {
  const where = { project: "shop", target: "prod", workspaceId: "1", user: undefined };
  const row = (jobId: string) => ({ jobId }) as JobState;
  const state = (jobs: Record<string, JobState>) => ({ jobs }) as DeployState;
  const moved = { resource: "z", previous: ["a"] };
  const survey = {
    answers: new Map([
      ["1", found("1")],
      ["2", found("2")],
    ]),
    byMarker: new Map([
      [markerOf(where, "a"), [job("1")]],
      [markerOf(where, "z"), [job("2")]],
    ]),
  };

  it("are looked at after the present one", () => {
    expect(stateOf(state({ a: row("1") }), moved)).toMatchObject({ key: "a" });
    expect(stateOf(state({ a: row("1"), z: row("2") }), moved)).toMatchObject({ key: "z" });
    expect(stateOf(undefined, moved)).toBeUndefined();
    expect(markersOf(where, moved)).toHaveLength(2);
  });

  it("no longer count once the job stands under its own", () => {
    const own = witnessesOf(moved, where, state({ a: row("1"), z: row("2") }), survey);
    expect(own.marked.map((one) => one.jobId)).toEqual(["2"]);
    const both = witnessesOf(moved, where, undefined, survey);
    expect(both.marked.map((one) => one.jobId)).toEqual(["2", "1"]);
  });

  it("give callers the id of a job that is there, also of one in conflict", () => {
    const declared = [{ ...moved, previous: [] }] as never;
    expect(idsOf(declared, where, state({ z: row("2") }), survey).get("z")).toBe("2");
    const stripped = { ...survey, byMarker: new Map([[markerOf(where, "z"), [job("9")]]]) };
    expect(idsOf(declared, where, state({ z: row("2") }), stripped).get("z")).toBe("2");
    const gone = { ...stripped, answers: new Map([["2", missing]]) };
    expect(idsOf(declared, where, state({ z: row("2") }), gone).get("z")).toBeUndefined();
  });
});
