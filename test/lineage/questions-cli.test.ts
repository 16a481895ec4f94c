/** Questions on the command line: a project whose store knows a small estate. No workspace is asked. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { jobKey, seeEdges } from "../lineage-store.ts";
import { cli } from "../run-cli.ts";

let cwd = "";
const ask = (...args: string[]) => cli(["lineage", ...args], { cwd, env: { TOKEN: "none" } });

beforeAll(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-questions-"));
  writeFileSync(
    path.join(cwd, "headgate.yaml"),
    [
      "version: 1",
      "project: retail",
      // Nothing listens there: a question must be answered without it.
      'workspaces: { main: { host: http://127.0.0.1:9, auth: { kind: pat, token: "${env:TOKEN}" } } }',
      "targets: { prod: { default: true, workspace: main } }",
      "",
    ].join("\n"),
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

it("says of an empty store what fills it", async () => {
  const coverage = await ask("coverage");
  expect(coverage).toMatchObject({ code: 0 });
  expect(coverage.stdout).toContain("headgate lineage ingest");
  const trace = await ask("trace", "raw.orders");
  expect(trace).toMatchObject({ code: 65, stdout: "" });
  expect(trace.stderr).toContain("the store has no lineage yet");
  expect(trace.stderr).toContain("headgate lineage ingest");
  expect((await ask("waves")).stdout).toContain("0 waves");
});

describe("of a store that knows something", () => {
  beforeAll(async () => {
    const store = await openStore({ kind: "sqlite", path: path.join(cwd, ".headgate", "state.db") });
    await seeEdges(store, [
      { job: "100/load", table: "main.raw.orders", files: 14, bytes: 70_000_000, runs: 6, day: "2026-11-03" },
      { job: "100/load", table: "main.silver.orders", relation: "writes" },
      { job: "200/build", table: "main.silver.orders", confidence: 0.7 },
      { job: "200/build", table: "main.mart.revenue", relation: "writes" },
      { job: "300/post", table: "main.silver.orders", attribution: "ambiguous", groupId: "g1", requests: 61 },
      { job: "301/adhoc", table: "main.silver.orders", attribution: "ambiguous", groupId: "g1", requests: 39 },
    ]);
    const [job] = (await store.lineage.upsertNodes([jobKey("100")])) as [number];
    await store.lineage.putTitles([{ node: job, title: "Enrich orders" }]);
    await store.close();
  });

  it("shows what is around a node", async () => {
    const ran = await ask("graph", "silver.orders", "--depth", "1");
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toBe(
      [
        "main.silver.orders  as of 2026-11-20, seen within 30 days",
        "",
        "1 step upstream",
        "  job Enrich orders (100)  writes  +1 before",
        "",
        "1 step downstream",
        "  job 200  reads (likely)  +1 after",
        "  job 300  reads (unsure)",
        "  job 301  reads (unsure)",
        "",
        "further upstream: 1 table",
        "",
        "further downstream: 1 table",
        "",
        "may lack edges: nothing of logs on 4 Nov, 5 Nov, 6 Nov, 7 Nov and 8 Nov and 11 more",
        "",
      ].join("\n"),
    );
    const drawn = await ask("graph", "silver.orders", "--draw", "dot");
    expect(drawn.stdout).toMatch(/^digraph lineage \{/);
    expect(drawn.stdout).toContain("style=dashed");
    const mermaid = await ask("graph", "silver.orders", "--draw", "mermaid");
    expect(mermaid.stdout).toContain('(["Enrich orders"])');
    expect(mermaid.stdout).toContain(" -.-> ");
  });

  it("traces up and tells the impact down", async () => {
    expect((await ask("trace", "mart.revenue")).stdout).toBe(
      [
        "main.mart.revenue  as of 2026-11-20, seen within 30 days",
        "2 tables, 2 jobs upstream, nearest first",
        "  job 200",
        "  main.silver.orders  over 200  0.70",
        "  job Enrich orders (100)  over 200 ← main.silver.orders  0.70",
        "  main.raw.orders  over 200 ← main.silver.orders ← Enrich orders  0.70",
        "",
      ].join("\n"),
    );
    expect((await ask("impact", "Enrich orders")).stdout).toBe(
      [
        "job Enrich orders (100)  as of 2026-11-20, seen within 30 days",
        "feeds 2 tables, 3 jobs",
        "",
        "jobs",
        "  job 200  over main.silver.orders  0.70",
        "  job 300  over main.silver.orders",
        "  job 301  over main.silver.orders",
        "",
        "tables",
        "  main.silver.orders",
        "  main.mart.revenue  over main.silver.orders → 200  0.70",
        "",
      ].join("\n"),
    );
    expect((await ask("impact", "mart.revenue")).stdout).toContain("what no source sees is not known");
  });

  it("explains an edge in words, and names who else it may have been", async () => {
    const one = await ask("explain", "raw.orders", "100");
    expect(one.stdout).toContain(
      [
        "main.raw.orders is read by Enrich orders",
        "as of 2026-11-20, seen within 30 days",
        "",
        "14 files, 70 MB in 6 runs since 3 Nov; the cluster was used by no other run",
        "confidence 0.98, sure; last seen 2026-11-03T06:10Z",
        "only logs saw it",
      ].join("\n"),
    );
    const all = await ask("explain", "silver.orders");
    expect(all.stdout).toContain("main.silver.orders is read by 300");
    expect(all.stdout).toContain("    0.61  job 300");
    expect(all.stdout).toContain("    0.39  job 301");
  });

  it("compares two days, and says so by the exit code", async () => {
    const ran = await ask("diff", "--from", "2026-11-10", "--to", "2026-11-20", "--exit-code");
    expect(ran.code).toBe(2);
    expect(ran.stdout).toContain("5 edges new, 0 edges gone, 0 changed, 1 the same");
    expect(ran.stdout).toContain("+ job 200 → main.mart.revenue  writes");
    expect((await ask("diff", "--from", "2026-11-20", "--to", "2026-11-20", "--exit-code")).code).toBe(0);
  });

  it("gives the same JSON twice, and refuses what it does not know with the nearest name", async () => {
    for (const question of [["graph", "silver.orders"], ["coverage"], ["waves"], ["impact", "100"]]) {
      const [first, second] = [await ask(...question, "--json"), await ask(...question, "--json")];
      expect(first.code, question.join(" ")).toBe(0);
      expect(second.stdout).toBe(first.stdout);
      expect(JSON.parse(first.stdout)).toMatchObject({ at: "2026-11-20" });
    }
    const unknown = await ask("graph", "silver.ordres");
    expect(unknown.code).toBe(65);
    expect(unknown.stderr).toContain("main.silver.orders");
    const several = await ask("graph", "orders");
    expect(several.code).toBe(65);
    expect(several.stderr).toContain("main.raw.orders");
    expect((await ask("graph", "silver.orders", "--at", "soon")).code).toBe(64);
  });

  it("plans waves of what the store knows", async () => {
    const ran = await ask("waves", "--inventory", "tables.csv");
    expect(ran.code).not.toBe(0);
    const { waves, cut } = JSON.parse((await ask("waves", "--json")).stdout);
    const tables = (waves as { groups: { tables: string[]; jobs: { id: string }[] }[] }[]).map(({ groups }) =>
      groups.map(({ tables: names, jobs }) => [...jobs.map(({ id }) => id), ...names].join(" ")),
    );
    expect(tables).toEqual([
      ["100 main.silver.orders", "main.raw.orders"],
      ["200 main.mart.revenue", "300", "301"],
    ]);
    expect(cut).toEqual([]);
  });
});
