/** Whom a job feeds, on a small graph, and what a plan makes of it. */
import { describe, expect, it } from "vitest";
import { downstreamOf } from "../../src/across/impact.ts";
import { HeadgateError } from "../../src/errors.ts";
import { withDownstream } from "../../src/jobs/downstream.ts";
import { buildAdjacency } from "../../src/lineage/graph/adjacency.ts";
import { gatherThings } from "../../src/lineage/graph/things.ts";
import type { Plan } from "../../src/model/plan.ts";
import { change, planOf } from "../../src/server/testing/plain-jobs.ts";
import type { EdgeAt, LineageNode, Relation } from "../../src/store/lineage.ts";

type Row = [job: string, relation: Relation, table: string, attribution?: string];

function graphOf(rows: readonly Row[]) {
  const ids = new Map<string, LineageNode>();
  const node = (kind: LineageNode["kind"], name: string) => {
    const known = ids.get(`${kind} ${name}`) ?? { id: ids.size + 1, kind, namespace: "databricks://1", name };
    ids.set(`${kind} ${name}`, known);
    return known.id;
  };
  const edges = rows.map(
    ([job, relation, table, attribution = "exclusive"], at): EdgeAt => ({
      edgeId: at + 1,
      from: node(job.includes("/") ? "task" : "job", job),
      to: node("dataset", table),
      relation,
      sources: ["logs"],
      attributions: [attribution],
      requests: 1,
      files: 1,
      bytes: 1,
      commits: 0,
      runs: 1,
      firstAt: "2026-11-20T00:00:00.000Z",
      lastAt: "2026-11-20T00:00:00.000Z",
      confidence: 0.98,
      approximate: false,
    }),
  );
  const things = gatherThings(new Map());
  things.know([...ids.values()]);
  const builder = buildAdjacency("2026-11-20", 30, things);
  for (const edge of edges) builder.add(edge);
  return builder.finish();
}

const ROWS: Row[] = [
  ["1/a", "writes", "s.a"],
  ["1/b", "reads", "s.a"],
  ["1/b", "writes", "s.b"],
  ["1/b", "maintains", "s.other"],
  ["2", "reads", "s.a"],
  ["2", "reads", "s.b"],
  ["2", "writes", "s.c"],
  ["3", "reads", "s.b", "ambiguous"],
  ["4", "reads", "s.c"],
  ["4", "writes", "s.a"],
];

describe("what a job feeds", () => {
  it("is the tables that its tasks write and who else reads them, with what lies beyond counted", () => {
    const { fed, further } = downstreamOf(graphOf(ROWS), ["1", "99"]).get("1") ?? {};
    expect(fed).toEqual([
      { kind: "dataset", name: "s.a" },
      { kind: "dataset", name: "s.b" },
      { kind: "job", name: "2", jobId: "2", over: ["s.a", "s.b"] },
      { kind: "job", name: "3", jobId: "3", over: ["s.b"], unsure: true },
    ]);
    // 4 reads s.c, and writes s.a: a circle.
    expect(further).toEqual({ tables: 1, jobs: 1 });
    expect(downstreamOf(graphOf(ROWS), ["99"]).size).toBe(0);
    expect(downstreamOf(graphOf(ROWS), ["3"]).get("3")).toEqual({ fed: [], further: { tables: 0, jobs: 0 } });
  });
});

describe("a plan", () => {
  const plan: Plan = planOf([change("load", { jobId: "1" }), change("post", { jobId: "2", action: "noop" })]);
  const resourceOf = (id: string) => (id === "2" ? "post" : undefined);
  const ask = async (ids: string[]) => ({ at: "2026-11-20", of: downstreamOf(graphOf(ROWS), ids) });

  it("names readers as they are declared, and asks only for what changes", async () => {
    const asked: string[][] = [];
    const told = await withDownstream(
      plan,
      (ids) => {
        asked.push(ids);
        return ask(ids);
      },
      resourceOf,
    );
    expect(asked).toEqual([["1"]]);
    expect(told.lineage).toEqual({ at: "2026-11-20" });
    expect(told.changes[0]?.impact.downstream).toMatchObject([
      { name: "s.a" },
      { name: "s.b" },
      { name: "2", resource: "post" },
      { name: "3" },
    ]);
    expect(told.changes[1]?.impact.downstream).toEqual([]);
  });

  it("claims nothing where there is no lineage, and where it cannot be read", async () => {
    const unknown = await withDownstream(plan, async () => "unknown", resourceOf);
    expect(unknown).toEqual({ ...plan, lineage: null });
    const failing = async () => {
      throw new HeadgateError("unavailable", "the store does not answer", { permanent: false });
    };
    const failed = await withDownstream(plan, failing, resourceOf);
    expect(failed.lineage).toBeNull();
    expect(failed.problems).toMatchObject([{ severity: "warning", code: "unavailable" }]);
    expect(failed.changes).toEqual(plan.changes);
    expect(await withDownstream(plan, undefined, resourceOf)).toBe(plan);
    expect(await withDownstream(plan, async () => undefined, resourceOf)).toBe(plan);
  });
});
