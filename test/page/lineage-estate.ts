/** A retail estate to seed a store with: tables in layers, ten weeks of days with a hole, doubt, aliases, circles. */
import type { Store } from "../../src/store/transaction.ts";
import { datasetKey, jobKey, type PlainEdge, seeEdges } from "../lineage-store.ts";

const DAY_MS = 86_400_000;
export const LAST_DAY = "2026-11-20";
const dayBefore = (days: number) => new Date(Date.parse(LAST_DAY) - days * DAY_MS).toISOString().slice(0, 10);

/** Jobs by id, as people call them. */
export const JOB_NAMES: Record<string, string> = {
  "101": "ingest_erp",
  "102": "ingest_till",
  "201": "enrich_orders",
  "202": "customers_scd2",
  "203": "clean_returns",
  "204": "till_reconcile",
  "301": "build_revenue",
  "302": "basket_mix",
  "303": "score_fraud",
  "304": "gl_post",
  "305": "marketing_attribution",
  "401": "power_bi_sales",
  "402": "finance_close",
  "403": "churn_model",
};

type Line = [job: string, reads: string[], writes: string[], more?: Partial<PlainEdge>];

const LINES: Line[] = [
  ["101", [], ["raw.orders", "raw.order_lines", "raw.customers", "raw.products", "raw.fx_rates"]],
  ["102", [], ["raw.pos_tills", "raw.returns"]],
  ["201", ["raw.orders", "raw.order_lines", "raw.products"], ["silver.orders_enriched"]],
  ["202", ["raw.customers"], ["silver.customers"]],
  ["203", ["raw.returns"], ["silver.returns_clean"]],
  ["301", ["silver.orders_enriched", "silver.customers"], ["mart.revenue_by_country"]],
  ["302", ["silver.orders_enriched"], ["mart.basket_mix"]],
  ["303", ["silver.orders_enriched", "silver.returns_clean"], ["mart.fraud_scores"], { confidence: 0.72 }],
  ["304", [], ["mart.gl_balances", "ctl.audit"]],
  ["401", ["mart.revenue_by_country"], []],
  ["402", ["mart.gl_balances", "ctl.audit"], []],
  ["403", ["mart.fraud_scores"], ["mart.churn"], { confidence: 0.8 }],
];

/** What a line saw on a day; counts differ from day to day. */
function seen([job, reads, writes, more]: Line, day: string, index: number): PlainEdge[] {
  const wave = 1 + ((index * 7) % 5);
  const facts = { day, requests: 40 * wave, files: 2 + (index % 4), bytes: 9_000_000 * wave, runs: 1, ...more };
  const at = { firstAt: `${day}T03:06:00.000Z`, lastAt: `${day}T03:49:00.000Z` };
  return [
    ...reads.map((table): PlainEdge => ({ job, table: `main.${table}`, relation: "reads", ...facts, ...at })),
    ...writes.map(
      (table): PlainEdge => ({ job, table: `main.${table}`, relation: "writes", ...facts, ...at, commits: 1 }),
    ),
  ];
}

/** Fills a store. Days 5 and 6 before the last were never read; the last ten days have what came and went. */
export async function seedRetail(store: Store): Promise<void> {
  const edges: PlainEdge[] = [];
  for (let ago = 69; ago >= 0; ago -= 1) {
    if (ago === 5 || ago === 6) continue;
    const day = dayBefore(ago);
    for (const [index, line] of LINES.entries()) edges.push(...seen(line, day, ago + index));
    // A merge reads what it writes.
    edges.push({ job: "202", table: "main.silver.customers", relation: "reads", day, files: 4, bytes: 1e6 });
    const doubt = { relation: "reads", attribution: "ambiguous", groupId: `g${ago}`, day, confidence: 0.6 } as const;
    edges.push({ job: "304", table: "main.silver.orders_enriched", requests: 61, ...doubt });
    edges.push({ job: "marek@example.com", table: "main.silver.orders_enriched", requests: 39, ...doubt });
    edges.push({ job: "204", table: "main.raw.pos_tills", ...doubt, attribution: "inferred", groupId: "" });
    if (ago > 35) edges.push({ job: "204", table: "main.raw.returns", relation: "reads", day });
    if (ago < 8) {
      edges.push({ job: "305", table: "main.silver.orders_enriched", relation: "reads", day });
      edges.push({ job: "305", table: "main.mart.attribution", relation: "writes", day });
    }
    edges.push({ job: "204", table: "main.silver.returns_clean", relation: "writes", day, confidence: 0.55 });
  }
  // The people who look at the revenue, and a source of its own that agrees about one edge.
  for (let reader = 0; reader < 38; reader += 1)
    edges.push({ job: String(9_000 + reader), table: "main.mart.revenue_by_country", confidence: 0.95 });
  edges.push({
    job: "201",
    table: "main.raw.orders",
    source: "events",
    method: "event",
    day: LAST_DAY,
    files: 0,
    bytes: 0,
    requests: 6,
    runs: 6,
  });
  await seeEdges(store, edges);
  const names = Object.entries(JOB_NAMES);
  const nodes = await store.lineage.upsertNodes(names.map(([id]) => jobKey(id)));
  await store.lineage.putTitles(names.map(([, title], at) => ({ node: nodes[at] as number, title })));
  const FILES = "abfss://raw@lake.dfs.core.windows.net/erp/orders";
  const [table, files, enriched] = (await store.lineage.upsertNodes([
    datasetKey("main.raw.orders"),
    datasetKey(FILES),
    datasetKey("main.silver.orders_enriched"),
  ])) as [number, number, number];
  await store.lineage.writeCanon([{ node: files, canon: table }]);
  await store.lineage.replaceDay({
    source: "unity-catalog",
    day: LAST_DAY,
    ruleset: "1",
    sightings: [],
    columns: ["order_id", "amount", "currency", "status", "country", "placed_at", "channel"].map((column) => ({
      from: table,
      to: enriched,
      fromColumn: column,
      toColumn: column === "amount" ? "revenue" : column,
      kind: column === "amount" ? "AGGREGATION" : "IDENTITY",
    })),
    coverage: { blind: [{ table: "main.ext.partner_feed", reason: "no logs of its account" }] },
    units: [],
  });
}

/**
 * Fills a store with a large estate of one day: seven tables in ten nodes, in six layers. A job reads one to four tables
 * of a layer and writes two or three of the next; one in fifty also feeds back.
 */
export async function seedLarge(store: Store, count: number): Promise<void> {
  let state = 11;
  const roll = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const layers = ["land", "raw", "bronze", "silver", "gold", "mart"];
  const [tables, jobs] = [Math.round(count * 0.7), count - Math.round(count * 0.7)];
  const size = Math.floor(tables / layers.length);
  const name = (at: number) => `main.${layers[Math.min(layers.length - 1, Math.floor(at / size))]}.table_${at}`;
  const edges: PlainEdge[] = [];
  // Every table has a job of the layer before that writes it, and those that are landed one that reads them.
  for (let table = 0; table < tables; table += 1) {
    const layer = Math.min(layers.length - 1, Math.floor(table / size));
    const of = Math.floor((jobs / (layers.length - 1)) * Math.max(0, layer - 1));
    const job = String(500_000 + of + (table % Math.floor(jobs / (layers.length - 1))));
    edges.push({ job, table: name(table), relation: layer === 0 ? "reads" : "writes" });
  }
  for (let at = 0; at < jobs; at += 1) {
    const layer = Math.min(layers.length - 2, Math.floor((at * (layers.length - 1)) / jobs));
    const job = String(500_000 + at);
    for (let read = roll(4); read >= 0; read -= 1)
      edges.push({ job, table: name(layer * size + roll(size)), relation: "reads" });
    if (at % 50 === 0 && layer > 0)
      edges.push({ job, table: name((layer - 1) * size + roll(size)), relation: "writes", confidence: 0.6 });
  }
  const unique = new Map(edges.map((edge) => [`${edge.job} ${edge.table} ${edge.relation}`, edge]));
  await seeEdges(store, [...unique.values()]);
}
