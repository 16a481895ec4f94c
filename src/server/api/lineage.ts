/** Routes that answer questions about data movement from the store. */
import * as z from "zod";
import {
  LineageCoverageView,
  LineageDatasetsView,
  LineageDiffView,
  LineageEdgesView,
  LineageEvidenceView,
  LineageGraphView,
  LineageJobsView,
  LineageOverviewView,
  LineageSearchView,
  LineageTraceView,
} from "../../model/view-lineage.ts";
import { LineageWavesView } from "../../model/view-waves.ts";
import { route, wordsUpTo } from "./route.ts";

const day = z.iso.date({ error: "write a day like 2026-11-20" });
const moment = {
  /** The day of the graph; the last of which anything is known when absent. */
  at: day.optional(),
  /** Days that an edge stays after it was last seen; 30 when absent. */
  window: z.coerce.number().int().min(1).max(3_650).optional(),
};
/** A node by name, the end of a name, job id, resource, or the `ref` of an answer. */
const node = z.string().min(1).max(2_000);
const steps = z.coerce.number().int().min(0).max(20);
const page = {
  /** Words that all have to be in a name. */
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** `next` of the page before. */
  cursor: z.string().regex(/^\d+$/).optional(),
};

/** Query of GET /lineage/graph. `up` and `down` go before `direction` and `depth`. */
export const LineageGraphQuery = z.object({
  node,
  direction: z.enum(["both", "up", "down", "upstream", "downstream"]).default("both"),
  depth: steps.default(1),
  up: steps.optional(),
  down: steps.optional(),
  /** Neighbours of a node that are shown before the rest is folded into a bundle. */
  fold: z.coerce.number().int().min(1).max(400).default(8),
  /** Refs of nodes whose neighbours are not folded, comma-separated, each percent-encoded once more. */
  open: wordsUpTo(20_000).optional(),
  ...moment,
});
export type LineageGraphQuery = z.infer<typeof LineageGraphQuery>;

/** Query of GET /lineage/waves. */
export const LineageWavesQuery = z.object({
  /** The most of one wave. */
  jobs: z.coerce.number().int().min(1).optional(),
  tables: z.coerce.number().int().min(1).optional(),
  bytes: z.coerce.number().int().min(1).optional(),
  /** `job:481120933371=3,table:ctl.audit=exclude`; a name with a comma or an equals sign is percent-encoded once more. */
  pins: z.string().max(20_000).optional(),
  ...moment,
});
export type LineageWavesQuery = z.infer<typeof LineageWavesQuery>;

/** Routes of questions. */
export const LINEAGE_ROUTES = {
  getLineageGraph: route({
    method: "get",
    path: "/lineage/graph",
    scope: "read",
    summary: "What is around a node: so many steps both ways, the rest folded into counted bundles",
    tag: "lineage",
    query: LineageGraphQuery,
    answer: LineageGraphView,
    problems: ["not_found", "input_invalid"],
  }),
  traceLineage: route({
    method: "get",
    path: "/lineage/trace",
    scope: "read",
    summary: "All that lies up- or downstream of a node, nearest first, with the way there",
    tag: "lineage",
    query: z.object({ node, direction: z.enum(["up", "down"]).default("down"), depth: steps.optional(), ...moment }),
    answer: LineageTraceView,
    problems: ["not_found", "input_invalid"],
  }),
  getLineageEvidence: route({
    method: "get",
    path: "/lineage/evidence",
    scope: "read",
    summary: "Why an edge is there: what each source saw, in figures and in words",
    tag: "lineage",
    query: z.object({ from: node, to: node, ...moment }),
    answer: LineageEvidenceView,
    problems: ["not_found", "input_invalid"],
  }),
  searchLineage: route({
    method: "get",
    path: "/lineage/nodes",
    scope: "read",
    summary: "Nodes by words of their names, the nearest first",
    tag: "lineage",
    query: z.object({ ...page, kind: z.enum(["job", "dataset", "principal"]).optional(), ...moment }),
    answer: LineageSearchView,
  }),
  getLineageOverview: route({
    method: "get",
    path: "/lineage/overview",
    scope: "read",
    summary: "The whole graph in parallel arrays",
    tag: "lineage",
    query: z.object({ limit: z.coerce.number().int().min(1).max(100_000).default(20_000), ...moment }),
    answer: LineageOverviewView,
  }),
  listLineageDatasets: route({
    method: "get",
    path: "/lineage/datasets",
    scope: "read",
    summary: "Tables and paths, by name, readers or last write, with their readers and writers",
    tag: "lineage",
    query: z.object({
      ...page,
      /** `readers`: most jobs that read it first; `written`: what was written last first. */
      sort: z.enum(["name", "readers", "written"]).default("name"),
      ...moment,
    }),
    answer: LineageDatasetsView,
  }),
  listLineageJobs: route({
    method: "get",
    path: "/lineage/jobs",
    scope: "read",
    summary: "Jobs, and people, by name, with what they read and write",
    tag: "lineage",
    query: z.object({ ...page, ...moment }),
    answer: LineageJobsView,
  }),
  listLineageEdges: route({
    method: "get",
    path: "/lineage/edges",
    scope: "read",
    summary: "Edges by the names of their ends",
    tag: "lineage",
    query: z.object({
      ...page,
      /** Only edges of this node. */
      node: node.optional(),
      strength: z.enum(["sure", "likely", "unsure"]).optional(),
      source: z.string().max(200).optional(),
      ...moment,
    }),
    answer: LineageEdgesView,
    problems: ["not_found", "input_invalid"],
  }),
  diffLineage: route({
    method: "get",
    path: "/lineage/diff",
    scope: "read",
    summary: "Edges and nodes of one date that another has not",
    tag: "lineage",
    query: z.object({
      from: day,
      to: day,
      window: moment.window,
      /** Only what touches this node. */
      node: node.optional(),
      limit: z.coerce.number().int().min(1).max(5_000).default(500),
    }),
    answer: LineageDiffView,
    problems: ["not_found", "input_invalid"],
  }),
  getLineageCoverage: route({
    method: "get",
    path: "/lineage/coverage",
    scope: "read",
    summary: "What the sources saw, day by day, and where the picture cannot be whole",
    tag: "lineage",
    query: z.object(moment),
    answer: LineageCoverageView,
  }),
  planLineageWaves: route({
    method: "get",
    path: "/lineage/waves",
    scope: "read",
    summary: "In which waves jobs and tables can be migrated, with pins and limits as asked",
    tag: "lineage",
    query: LineageWavesQuery,
    answer: LineageWavesView,
    problems: ["input_invalid"],
  }),
};
