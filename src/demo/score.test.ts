/** The score finds what is wrong and what is missing, and forgives only what nothing can tell. */
import { describe, expect, it } from "vitest";
import type { CatalogRow, TrueEdge } from "../../simulator/index.ts";
import type { LineageEdgeRow, LineageNodeView } from "../model/view-lineage.ts";
import { type Claim, claimsOf, score } from "./score.ts";

const claim = (jobId: string, table: string, access: Claim["access"], unproven = false): Claim => ({
  jobId,
  table,
  access,
  unproven,
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

const row = (jobId: string, from: string, to: string): CatalogRow => ({
  workspace_id: "1",
  entity_type: "JOB",
  entity_id: jobId,
  entity_run_id: "9",
  entity_metadata: { job_info: { job_id: jobId, job_run_id: "9" } },
  created_by: "",
  source_table_full_name: from,
  target_table_full_name: to,
  event_time: "2026-11-20T00:00:00.000Z",
});

const HIDDEN = { identifiable: false, taskIdentifiable: false };

describe("score", () => {
  const truth = [
    fact("1", "a", "t", "read", { ...HIDDEN, why: "lost" }),
    fact("1", "b", "t", "read"),
    fact("1", "a", "u", "write"),
    fact("2", "a", "t", "write", { ...HIDDEN, why: "lost" }),
    fact("2", "a", "t", "metadata"),
  ];

  it("is all well where all that can be known is claimed, and nothing else; a job counts once for all its tasks", () => {
    const found = score([claim("1", "t", "read"), claim("1", "u", "write")], truth, []);
    expect(found).toMatchObject({ claims: 2, precision: 1, recall: 1, wrong: [], missed: [] });
    expect(found.hidden).toEqual([{ job: "job 2", table: "t", access: "write", why: "lost" }]);
  });

  it("counts what never happened, and what was not found", () => {
    const found = score([claim("1", "t", "read"), claim("3", "t", "read")], truth, []);
    expect(found).toMatchObject({ precision: 0.5, recall: 0.5, wrong: [{ jobId: "3" }] });
    expect(found.missed).toMatchObject([{ job: "job 1", table: "u", access: "write" }]);
  });

  it("expects what the catalog has noted, whatever the logs show", () => {
    const rows = [row("2", "v", "t")];
    expect(score([], [fact("2", "a", "t", "write", HIDDEN)], rows)).toMatchObject({ recall: 0, hidden: [] });
    const both = score([claim("2", "t", "write")], [fact("2", "a", "t", "write", HIDDEN)], rows);
    expect(both).toMatchObject({ precision: 1, recall: 1 });
  });

  it("takes an unproven OPTIMIZE for an UPDATE, and a proven one not", () => {
    const update = [fact("1", "a", "t", "write", HIDDEN)];
    expect(score([claim("1", "t", "maintenance", true)], update, []).precision).toBe(1);
    expect(score([claim("1", "t", "maintenance")], update, []).precision).toBe(0);
  });

  it("has nothing to say against nothing", () => {
    expect(score([], [], [])).toMatchObject({ claims: 0, precision: 1, recall: 1 });
  });
});

const node = (kind: LineageNodeView["kind"], name: string, more: Partial<LineageNodeView> = {}): LineageNodeView => ({
  ref: "",
  id: 1,
  kind,
  namespace: "",
  name,
  label: name,
  detail: "",
  jobId: null,
  aliases: [],
  ...more,
});

const edge = (fromNode: LineageNodeView, toNode: LineageNodeView, more: Partial<LineageEdgeRow> = {}) =>
  ({
    fromNode,
    toNode,
    relations: ["reads"],
    attributions: ["exclusive"],
    strength: "sure",
    ...more,
  }) as LineageEdgeRow;

describe("claimsOf", () => {
  const job = node("job", "7", { jobId: "7" });
  const tables = new Set(["c.s.t"]);
  const claims = (...edges: LineageEdgeRow[]) => claimsOf(edges, tables);

  it("takes edges either way round, by any name of the table, one claim a relation", () => {
    const aliased = node("dataset", "/t", { aliases: [{ namespace: "databricks://1", name: "c.s.t" }] });
    expect(claims(edge(aliased, job))).toEqual([claim("7", "c.s.t", "read")]);
    const both = edge(job, node("dataset", "c.s.t"), { relations: ["writes", "maintains"], strength: "likely" });
    expect(claims(both)).toEqual([claim("7", "c.s.t", "write"), claim("7", "c.s.t", "maintenance", true)]);
  });

  it("leaves out other jobs, places that are no tables, and what one of several jobs did", () => {
    expect(claims(edge(node("dataset", "c.s.t"), node("job", "glue")))).toEqual([]);
    expect(claims(edge(node("dataset", "landing"), job))).toEqual([]);
    expect(claims(edge(node("dataset", "c.s.t"), job, { attributions: ["ambiguous"] }))).toEqual([]);
  });
});
