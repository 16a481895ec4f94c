/**
 * What the page, the command line and the HTTP API show of lineage: shapes with one name each, used by server (schema)
 * and page (type). Edges run the way the data runs: table → job that reads it → table it writes.
 */
import * as z from "zod";

const count = z.number().int();

/** A job, task, dataset or principal, as one thing: what else it is called is in `aliases`. */
export const LineageNodeView = z.object({
  /** Stands for the node in addresses, at any date: `dataset:databricks://123/main.sales.orders`. */
  ref: z.string(),
  /** Number in this store; the edges of an answer name nodes by it. */
  id: count,
  kind: z.enum(["job", "task", "dataset", "principal"]),
  namespace: z.string(),
  name: z.string(),
  /** What a box shows: `orders`, `Nightly sales`. */
  label: z.string(),
  /** What stands below it: `main.sales`, `abfss://raw@lake`, `job 481120933371`. */
  detail: z.string(),
  /** Id in its workspace, for jobs and their tasks where it is known. */
  jobId: z.string().nullable(),
  /** Other names of the same thing. */
  aliases: z.array(z.object({ namespace: z.string(), name: z.string() })),
});
export type LineageNodeView = z.infer<typeof LineageNodeView>;

export const LineageRelation = z.enum(["reads", "writes", "maintains", "defines", "clones", "copies", "calls"]);
export type LineageRelation = z.infer<typeof LineageRelation>;

/** All that one node does to another, in the direction of the data. */
export const LineageEdgeView = z.object({
  /** `12-45`: the ids of both ends; unique within an answer. */
  id: z.string(),
  from: count,
  to: count,
  relations: z.array(LineageRelation),
  /** That the edge exists, 0 to 1. */
  confidence: z.number(),
  /** `sure`: one owner, confidence of at least 0.9; `likely`: one owner; `unsure`: ambiguous or inferred (dashed). */
  strength: z.enum(["sure", "likely", "unsure"]),
  /** `exclusive`, `window`, `ambiguous`, `inferred`, …; of all sightings in the window. */
  attributions: z.array(z.string()),
  sources: z.array(z.string()),
  requests: z.number(),
  files: z.number(),
  bytes: z.number(),
  commits: z.number(),
  runs: z.number(),
  /** UTC texts. */
  firstAt: z.string(),
  lastAt: z.string(),
  /** Counts were taken from whole months, in proportion. */
  approximate: z.boolean(),
});
export type LineageEdgeView = z.infer<typeof LineageEdgeView>;

/** How much lies there, by kind; a node counts once. */
export const LineageCounts = z.object({ nodes: count, jobs: count, datasets: count });
export type LineageCounts = z.infer<typeof LineageCounts>;

/** Something that keeps the picture from being whole, in one line. */
export const LineageWarning = z.object({
  code: z.enum(["no_data", "stale", "gap", "ambiguous", "blind"]),
  source: z.string().nullable(),
  text: z.string(),
});
export type LineageWarning = z.infer<typeof LineageWarning>;

/** What every answer about a date says of it. */
const at = {
  /** The day of the graph, `2026-11-20`. */
  at: z.string(),
  /** An edge is in the graph when it was seen in so many days up to `at`. */
  windowDays: count,
};

const Neighbours = z.object({ up: count, down: count });

/** A node in the picture around a focus. */
export const LineageGraphNode = LineageNodeView.extend({
  /** Steps from the focus: below 0 upstream, above 0 downstream, 0 the focus itself. */
  level: count,
  /** Neighbours it has in all. */
  neighbours: Neighbours,
  /** Neighbours that are in no picture yet: folded, or beyond the depth. */
  hidden: Neighbours,
  /** When it was last written and read, UTC text; null for jobs and where nobody did. */
  lastWrittenAt: z.string().nullable(),
  lastReadAt: z.string().nullable(),
});
export type LineageGraphNode = z.infer<typeof LineageGraphNode>;

/** Neighbours of one node, folded into one box: `37 more readers`. */
export const LineageBundle = z.object({
  /** `45-down`. Asking with `open=<ref>` unfolds it. */
  id: z.string(),
  /** The node they hang on. */
  of: count,
  /** Ref of that node. */
  ref: z.string(),
  direction: z.enum(["up", "down"]),
  level: count,
  counts: LineageCounts,
  /** `37 more readers`, `9 more tables it reads`. */
  text: z.string(),
  /** The first few. */
  names: z.array(z.string()),
});
export type LineageBundle = z.infer<typeof LineageBundle>;

/** GET /lineage/graph: what is around a node. */
export const LineageGraphView = z.object({
  ...at,
  focus: LineageNodeView,
  /** Steps that were asked for. */
  up: count,
  down: count,
  /** By level, then by name. */
  nodes: z.array(LineageGraphNode),
  edges: z.array(LineageEdgeView),
  bundles: z.array(LineageBundle),
  /** What lies further than the depth asked for, all the way. */
  beyond: z.object({ up: LineageCounts, down: LineageCounts }),
  warnings: z.array(LineageWarning),
});
export type LineageGraphView = z.infer<typeof LineageGraphView>;

/** GET /lineage/nodes: search by words of a name, an id or a resource. */
export const LineageSearchView = z.object({
  count,
  items: z.array(LineageNodeView.extend({ neighbours: Neighbours })),
  next: z.string().nullable(),
});
export type LineageSearchView = z.infer<typeof LineageSearchView>;

/** One step of a trace. */
export const LineageTraceStep = LineageNodeView.extend({
  /** Steps from the start, from 1. */
  distance: count,
  /** Ids from the start to this node, both included: one shortest path. */
  path: z.array(count),
  /** The least certain edge of that path. */
  confidence: z.number(),
});
export type LineageTraceStep = z.infer<typeof LineageTraceStep>;

/** All that lies in one direction of a node, nearest first. */
export const LineageTraceView = z.object({
  ...at,
  start: LineageNodeView,
  direction: z.enum(["up", "down"]),
  /** Null = all the way. */
  depth: count.nullable(),
  /** Of what is listed. */
  counts: LineageCounts,
  /** What lies further than the depth. */
  beyond: LineageCounts,
  steps: z.array(LineageTraceStep),
});
export type LineageTraceView = z.infer<typeof LineageTraceView>;

/** What one source knows of an edge. */
export const LineageSourceEvidence = z.object({
  source: z.string(),
  relations: z.array(LineageRelation),
  attributions: z.array(z.string()),
  methods: z.array(z.string()),
  confidence: z.number(),
  requests: z.number(),
  files: z.number(),
  bytes: z.number(),
  commits: z.number(),
  runs: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
  /** Days it was seen on. */
  days: count,
  /** `14 files, 70 MB in 6 runs since 3 Nov; the cluster was used by no other run`. */
  text: z.string(),
});
export type LineageSourceEvidence = z.infer<typeof LineageSourceEvidence>;

/** GET /lineage/evidence: why an edge is there, in words and figures. */
export const LineageEvidenceView = z.object({
  ...at,
  from: LineageNodeView,
  to: LineageNodeView,
  edge: LineageEdgeView,
  /** `main.sales.orders is read by Nightly sales`. */
  title: z.string(),
  /** `14 files, 70 MB in 6 runs since 3 Nov; the cluster was used by no other run.` */
  text: z.string(),
  /** Why it is dashed; null where it is not. */
  doubt: z.string().nullable(),
  /** How the sources agree: `storage logs and Unity Catalog agree`. */
  agreement: z.string(),
  sources: z.array(LineageSourceEvidence),
  /** For a histogram: what was seen by day and source, oldest first. */
  days: z.array(
    z.object({ day: z.string(), source: z.string(), requests: z.number(), bytes: z.number(), runs: z.number() }),
  ),
  /** Who else it may have been, where the attribution is ambiguous; shares sum up to 1. */
  candidates: z.array(z.object({ node: LineageNodeView, share: z.number() })),
  /** Columns that go over this edge's table, where a source knows them. */
  columns: z.array(
    z.object({
      from: LineageNodeView,
      to: LineageNodeView,
      fromColumn: z.string(),
      toColumn: z.string(),
      kind: z.string(),
      lastDay: z.string(),
    }),
  ),
});
export type LineageEvidenceView = z.infer<typeof LineageEvidenceView>;

/**
 * GET /lineage/overview: the whole graph, in parallel arrays. `nodes.id[i]` and `nodes.name[i]` are of one node; edges
 * name nodes by their place `i`, not by their id. Positions are the page's to compute.
 */
export const LineageOverviewView = z.object({
  ...at,
  /** Of the whole graph. */
  counts: LineageCounts.extend({ edges: count }),
  /** True where only the nodes with most neighbours are given. */
  partial: z.boolean(),
  kinds: z.array(z.string()),
  namespaces: z.array(z.string()),
  relations: z.array(z.string()),
  nodes: z.object({
    id: z.array(count),
    /** Place in `kinds`. */
    kind: z.array(count),
    /** Place in `namespaces`. */
    namespace: z.array(count),
    name: z.array(z.string()),
    /** As in {@link LineageNodeView}; "" where it is the name. */
    label: z.array(z.string()),
  }),
  edges: z.object({
    from: z.array(count),
    to: z.array(count),
    /** Place in `relations`. */
    relation: z.array(count),
    /** Percent. */
    confidence: z.array(count),
    /** 0 sure, 1 likely, 2 unsure. */
    strength: z.array(count),
  }),
});
export type LineageOverviewView = z.infer<typeof LineageOverviewView>;

/** GET /lineage/datasets. */
export const LineageDatasetRow = LineageNodeView.extend({
  /** Jobs. */
  readers: count,
  writers: count,
  lastReadAt: z.string().nullable(),
  lastWrittenAt: z.string().nullable(),
  /** Bytes read and written in the window. */
  bytesRead: z.number(),
  bytesWritten: z.number(),
});
export type LineageDatasetRow = z.infer<typeof LineageDatasetRow>;

/** GET /lineage/jobs. */
export const LineageJobRow = LineageNodeView.extend({
  /** Datasets. */
  reads: count,
  writes: count,
  lastSeenAt: z.string(),
});
export type LineageJobRow = z.infer<typeof LineageJobRow>;

/** GET /lineage/edges. */
export const LineageEdgeRow = LineageEdgeView.extend({ fromNode: LineageNodeView, toNode: LineageNodeView });
export type LineageEdgeRow = z.infer<typeof LineageEdgeRow>;

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ ...at, count, items: z.array(item), next: z.string().nullable() });

export const LineageDatasetsView = pageOf(LineageDatasetRow);
export type LineageDatasetsView = z.infer<typeof LineageDatasetsView>;
export const LineageJobsView = pageOf(LineageJobRow);
export type LineageJobsView = z.infer<typeof LineageJobsView>;
export const LineageEdgesView = pageOf(LineageEdgeRow);
export type LineageEdgesView = z.infer<typeof LineageEdgesView>;

/** GET /lineage/diff: edges and nodes of one date that another has not. `node` keeps what touches its surroundings. */
export const LineageDiffView = z.object({
  from: z.string(),
  to: z.string(),
  windowDays: count,
  counts: z.object({
    added: count,
    removed: count,
    changed: count,
    same: count,
    nodesAdded: count,
    nodesRemoved: count,
  }),
  nodesAdded: z.array(LineageNodeView),
  nodesRemoved: z.array(LineageNodeView),
  added: z.array(LineageEdgeRow),
  removed: z.array(LineageEdgeRow),
  /** In both, but seen to be of another strength or kind. */
  changed: z.array(z.object({ before: LineageEdgeRow, after: LineageEdgeRow, text: z.string() })),
  /** True where lists were cut at the limit; the counts are whole. */
  partial: z.boolean(),
});
export type LineageDiffView = z.infer<typeof LineageDiffView>;

/** GET /lineage/coverage: what the sources saw, day by day, and where the picture cannot be whole. */
export const LineageCoverageView = z.object({
  ...at,
  /** First and last day of anything; null in an empty store. */
  firstDay: z.string().nullable(),
  lastDay: z.string().nullable(),
  counts: LineageCounts.extend({ edges: count, sure: count, likely: count, unsure: count }),
  sources: z.array(
    z.object({
      source: z.string(),
      firstDay: z.string(),
      lastDay: z.string(),
      days: count,
      /** Days between the first and the last on which nothing was read. */
      missingDays: z.array(z.string()),
      edges: count,
      requests: z.number(),
      /** Share of its requests that several jobs fit; null without requests. */
      ambiguousShare: z.number().nullable(),
    }),
  ),
  /** For the histogram under the graph, oldest first: one row a day and source. */
  days: z.array(
    z.object({ day: z.string(), source: z.string(), edges: count, requests: z.number(), bytes: z.number() }),
  ),
  warnings: z.array(LineageWarning),
});
export type LineageCoverageView = z.infer<typeof LineageCoverageView>;

/** Why a node is where it is: the evidence of its edges, the most certain first. */
export const LineageNodeEvidenceView = z.object({
  ...at,
  node: LineageNodeView,
  /** Edges it has in all. */
  count,
  items: z.array(
    z.object({
      edge: LineageEdgeRow,
      title: z.string(),
      text: z.string(),
      doubt: z.string().nullable(),
      agreement: z.string(),
      candidates: LineageEvidenceView.shape.candidates,
    }),
  ),
});
export type LineageNodeEvidenceView = z.infer<typeof LineageNodeEvidenceView>;
