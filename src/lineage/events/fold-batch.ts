/** A batch of events as what it adds to the graph: sightings and columns by source and day, runs, claims. Pure. */
import { createHash } from "node:crypto";
import type { Claim, ColumnEdge, EdgeKey, LineageRun, NodeKey, Sighting } from "../../store/lineage.ts";
import { RAN_IN } from "../identity.ts";
import type { DatasetFact, EventFacts } from "./read-event.ts";
import { copyOfIo, ioJson, type Link, laterState, noteLink, type RunIo } from "./run-state.ts";

/** An event with the source that brought it. */
export interface KeptEvent {
  source: string;
  facts: EventFacts;
}

/** A sighting whose edge has no id yet. */
export interface EdgeSighting extends Omit<Sighting, "edgeId"> {
  edge: EdgeKey;
}

/** What a batch adds to a day of a source. */
export interface FoldedDay {
  source: string;
  day: string;
  sightings: EdgeSighting[];
  columns: ColumnEdge[];
}

/** What a batch adds in all. */
export interface Folded {
  days: FoldedDay[];
  runs: LineageRun[];
  claims: Omit<Claim, "actor">[];
}

/** The producer itself names job and dataset. */
const ATTRIBUTION = "exclusive";
const METHOD = "event";
/** That the edge exists: of what a run announced when it began or failed, less is certain than of what it did. */
const CONFIDENCE: Record<string, number> = { RUNNING: 0.95, COMPLETE: 0.95, JOB: 0.9 };
const ANNOUNCED = 0.8;
const SYMLINK_CONFIDENCE = 0.9;
/** The platform wrote the id of the job into the run's own settings. */
const RAN_IN_CONFIDENCE = 0.95;

/** Tells nodes apart. */
export const nodeKey = (node: NodeKey): string => `${node.kind}\n${node.namespace}\n${node.name}`;

/** Key of a run in a map: two jobs may have runs of one id. */
export const runKey = (jobNode: number, runId: string): string => `${jobNode} ${runId}`;

/** All nodes that events name, each object once: of a node there are as many as there were readings of its name. */
function* named(events: readonly KeptEvent[]): Generator<NodeKey> {
  for (const { facts } of events) {
    const { job, parent, ranIn, inputs, outputs, columns, symlinks } = facts;
    if (job) yield job;
    if (parent) yield parent.job;
    if (ranIn) yield ranIn;
    for (const { node } of inputs) yield node;
    for (const { node } of outputs) yield node;
    for (const { from, to } of columns) {
      yield from;
      yield to;
    }
    for (const { a, b } of symlinks) {
      yield a;
      yield b;
    }
  }
}

/** All nodes that events name, each once. */
export function nodesOf(events: readonly KeptEvent[]): NodeKey[] {
  const nodes = new Map<string, NodeKey>();
  for (const node of new Set(named(events))) nodes.set(nodeKey(node), node);
  return [...nodes.values()];
}

/** Gives the ids of nodes. @param ids in the order of {@link nodesOf} */
export function idsOf(nodes: readonly NodeKey[], ids: readonly number[]): (node: NodeKey) => number {
  const known = new Map(nodes.map((node, index) => [nodeKey(node), ids[index]]));
  const asked = new Map<NodeKey, number>();
  return (node) => {
    let id = asked.get(node);
    if (id !== undefined) return id;
    id = known.get(nodeKey(node));
    if (id === undefined) throw new Error(`node ${node.namespace} ${node.name} has no id`);
    asked.set(node, id);
    return id;
  };
}

/** A run that nothing was told of yet. */
function newRun(jobNode: number, runId: string, time: string): { run: LineageRun; io: RunIo } {
  const io: RunIo = { firstAt: time, lastAt: time, links: {} };
  return { run: { jobNode, runId, state: "OTHER", io: ioJson(io), parent: null, updatedAt: time }, io };
}

/** Gathers what events add to days. */
function createDays() {
  interface Gathered {
    growth: FoldedDay;
    edges: Map<string, EdgeSighting>;
    columns: Set<string>;
  }
  const days = new Map<string, Gathered>();
  const dayOf = (source: string, day: string): Gathered => {
    const key = `${source}\n${day}`;
    let found = days.get(key);
    if (found === undefined) {
      found = { growth: { source, day, sightings: [], columns: [] }, edges: new Map(), columns: new Set() };
      days.set(key, found);
    }
    return found;
  };
  return {
    sighting(
      source: string,
      time: string,
      edge: EdgeKey,
      more: Pick<Sighting, "runs" | "files" | "bytes" | "confidence">,
    ) {
      const { growth, edges } = dayOf(source, time.slice(0, 10));
      const key = `${edge.from} ${edge.to} ${edge.relation}`;
      let found = edges.get(key);
      if (found === undefined) {
        const none = { groupId: "", requests: 0, files: 0, bytes: 0, commits: 0, runs: 0, confidence: 0 };
        found = { edge, method: METHOD, attribution: ATTRIBUTION, ...none, firstAt: time, lastAt: time };
        edges.set(key, found);
        growth.sightings.push(found);
      }
      found.requests += 1;
      found.runs += more.runs;
      found.files += more.files;
      found.bytes += more.bytes;
      found.confidence = Math.max(found.confidence, more.confidence);
      if (time < found.firstAt) found.firstAt = time;
      if (time > found.lastAt) found.lastAt = time;
    },
    column(source: string, time: string, column: ColumnEdge) {
      const { growth, columns } = dayOf(source, time.slice(0, 10));
      // NUL is in no column: see `clean`
      const key = `${column.from} ${column.to} ${column.fromColumn}\0${column.toColumn}\0${column.kind}`;
      if (columns.has(key)) return;
      columns.add(key);
      growth.columns.push(column);
    },
    all: () => [...days.values()].map(({ growth }) => growth),
  };
}

/** What no database takes as text: NUL, halves of characters. */
const clean = (column: string): string =>
  /[\0\uD800-\uDFFF]/.test(column) ? column.replace(/\0|\p{Surrogate}/gu, "\uFFFD") : column;

/** The claim that a symlink makes; the same for both directions. */
function claimOf(a: number, b: number, type: string, source: string, at: string): Omit<Claim, "actor"> {
  const [low, high] = a < b ? [a, b] : [b, a];
  const id = createHash("sha256").update(`symlink ${low} ${high}`).digest("hex").slice(0, 32);
  const evidence = { facet: "symlinks", type };
  return {
    id,
    a: low,
    b: high,
    kind: "symlink",
    evidence,
    confidence: SYMLINK_CONFIDENCE,
    source,
    status: "active",
    at,
  };
}

/** The claim that a job is the Databricks job it ran in. */
function ranInClaim(job: number, databricks: number, source: string, at: string): Omit<Claim, "actor"> {
  const id = createHash("sha256").update(`ran in ${job} ${databricks}`).digest("hex").slice(0, 32);
  const evidence = { facet: "job and workspace id of the run" };
  return {
    id,
    a: job,
    b: databricks,
    kind: RAN_IN,
    evidence,
    confidence: RAN_IN_CONFIDENCE,
    source,
    status: "active",
    at,
  };
}

/**
 * Folds a batch. Any events in any order and in any batches give the same sum, as long as each is folded once.
 * @param idOf ids of all nodes of the batch
 * @param known what is known of the runs of the batch, by {@link runKey}
 */
export function foldBatch(
  events: readonly KeptEvent[],
  idOf: (node: NodeKey) => number,
  known: ReadonlyMap<string, LineageRun>,
): Folded {
  const days = createDays();
  const runs = new Map<string, { run: LineageRun; io: RunIo }>();
  const claims = new Map<string, Omit<Claim, "actor">>();

  const runOf = (jobNode: number, runId: string, time: string) => {
    const key = runKey(jobNode, runId);
    let found = runs.get(key);
    if (found === undefined) {
      const before = known.get(key);
      const io = before && copyOfIo(before.io);
      found = before && io ? { run: { ...before }, io } : newRun(jobNode, runId, time);
      runs.set(key, found);
    }
    return found;
  };

  for (const { source, facts } of events) {
    const { time, job, runId, parent, type } = facts;
    const day = time.slice(0, 10);
    const jobNode = job && idOf(job);
    const told = jobNode !== undefined && runId !== undefined ? runOf(jobNode, runId, time) : undefined;
    if (told) {
      told.run.state = laterState(told.run.state, type);
      if (time < told.io.firstAt) told.io.firstAt = time;
      if (time > told.io.lastAt) told.io.lastAt = time;
      const parentKey = parent && runKey(idOf(parent.job), parent.runId);
      if (parentKey !== undefined && (told.run.parent === null || parentKey < told.run.parent)) {
        told.run.parent = parentKey;
      }
    }
    const link = (kind: Link, from: number, to: number, figures: Pick<DatasetFact, "files" | "bytes">) => {
      const { files, bytes } = figures;
      const other = kind === "calls" ? from : to;
      const more = told
        ? noteLink(told.io.links, { link: kind, node: other, source, day, files, bytes })
        : { runs: 0, files: 0, bytes: 0 };
      const edge: EdgeKey = { from, to, relation: kind };
      days.sighting(source, time, edge, { ...more, confidence: CONFIDENCE[type] ?? ANNOUNCED });
    };
    if (jobNode !== undefined) {
      for (const input of facts.inputs) link("reads", jobNode, idOf(input.node), input);
      for (const output of facts.outputs) link("writes", jobNode, idOf(output.node), output);
      if (parent) link("calls", idOf(parent.job), jobNode, { files: 0, bytes: 0 });
    }
    for (const { from, to, fromColumn, toColumn, kind } of facts.columns) {
      days.column(source, time, {
        from: idOf(from),
        to: idOf(to),
        fromColumn: clean(fromColumn),
        toColumn: clean(toColumn),
        kind: clean(kind),
      });
    }
    const claimed = facts.symlinks.map(({ a, b, type: symlink }) => claimOf(idOf(a), idOf(b), symlink, source, time));
    if (jobNode !== undefined && facts.ranIn) claimed.push(ranInClaim(jobNode, idOf(facts.ranIn), source, time));
    for (const claim of claimed) {
      const before = claims.get(claim.id);
      if (before === undefined || claim.at < before.at) claims.set(claim.id, claim);
    }
  }
  return {
    days: days.all(),
    runs: [...runs.values()].map(({ run, io }) => ({ ...run, io: ioJson(io), updatedAt: io.lastAt })),
    claims: [...claims.values()],
  };
}
