/** The score finds what is wrong and what is missing, and forgives only what no log can tell. */
import { describe, expect, it } from "vitest";
import type { TrueEdge } from "../../simulator/index.ts";
import { type Claim, score } from "./score.ts";

const claim = (jobId: string | null, task: string | null, table: string, access: Claim["access"]): Claim => ({
  jobId,
  taskKey: task,
  table,
  access,
  candidates: [],
});

const fact = (
  jobId: string,
  task: string,
  table: string,
  access: TrueEdge["access"],
  more: Partial<TrueEdge> = {},
): TrueEdge => ({
  jobId,
  job: `job ${jobId}`,
  task,
  table,
  folder: "",
  access,
  relation: "reads",
  identifiable: true,
  taskIdentifiable: true,
  runs: 1,
  requests: 1,
  firstAt: "",
  lastAt: "",
  ...more,
});

describe("score", () => {
  const truth = [
    fact("1", "a", "t", "read"),
    fact("1", "a", "u", "write"),
    fact("1", "b", "u", "read", { taskIdentifiable: false }),
    fact("2", "a", "t", "write", { identifiable: false, taskIdentifiable: false, why: "lost" }),
  ];

  it("is all well where all that can be known is claimed, and nothing else", () => {
    const both = { ...claim("1", null, "u", "read"), candidates: ["a", "b"].map((taskKey) => ({ taskKey })) };
    const found = score(
      [claim("1", "a", "t", "read"), claim("1", "a", "u", "write"), both as Claim, claim("2", "a", "t", "write")],
      truth,
    );
    expect(found).toMatchObject({ claims: 4, precision: 1, recall: 1, wrong: [], missed: [] });
    expect(found.hidden).toEqual([{ job: "job 2", task: "a", table: "t", access: "write", why: "lost" }]);
  });

  it.each<[string, Claim, number, number]>([
    ["another job", claim("3", "a", "t", "read"), 0, 0],
    ["another task", claim("1", "b", "t", "read"), 0, 0],
    ["another table", claim("1", "a", "v", "read"), 0, 0],
    ["a write where it read", claim("1", "a", "t", "write"), 0, 0],
    ["what happened and need not be known", claim("2", "a", "t", "write"), 1, 0],
    ["nobody's, which claims nothing", claim(null, "a", "t", "read"), 1, 0],
    ["one of three", claim("1", "a", "t", "read"), 1, 1 / 3],
  ])("counts %s", (_what, one, precision, recall) => {
    expect(score([one], truth)).toMatchObject({ precision, recall });
  });

  it("does not take a job for its task where the task can be known", () => {
    const open = claim("1", null, "t", "read");
    expect(score([open], [fact("1", "a", "t", "read")])).toMatchObject({ precision: 1, recall: 0 });
    expect(score([open], [fact("1", "a", "t", "read")]).missed).toHaveLength(1);
  });

  it("forgives unproven maintenance where an UPDATE happened, proven never", () => {
    const update = [fact("1", "a", "t", "write", { identifiable: false })];
    expect(score([{ ...claim("1", "a", "t", "maintenance"), unproven: true }], update).precision).toBe(1);
    expect(score([claim("1", "a", "t", "maintenance")], update).precision).toBe(0);
  });
});
