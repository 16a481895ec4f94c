/** Questions to the lineage that the store holds: the one file that reads for them. What is made of it is in `view/`. */
import { HeadgateError } from "../errors.ts";
import type { LineageQuestions, Moment } from "../model/lineage-question.ts";
import type { LineageStore } from "../store/lineage.ts";
import { utc } from "../util/clock.ts";
import type { Adjacency } from "./graph/adjacency.ts";
import { openGraphs } from "./graph/read.ts";
import { readEvidence, readNodeEvidence } from "./read-evidence.ts";
import { coverageView } from "./view/coverage.ts";
import { diffView } from "./view/diff.ts";
import { findNode, matches, searchGraph } from "./view/find.ts";
import { focusView } from "./view/focus.ts";
import { datasetRows, edgeRows, jobRows } from "./view/lists.ts";
import { degreeOf, nodeView, refOf } from "./view/node.ts";
import { overviewView } from "./view/overview.ts";
import { traceView } from "./view/trace.ts";
import { tableNaming, waveEdgesOf } from "./waves/from-graph.ts";
import { planWaves } from "./waves/plan.ts";

/** Days that an edge stays in the graph after it was last seen. */
const WINDOW_DAYS = 30;

/** The questions, and the graph itself for those that look at it whole. */
export interface OpenQuestions extends LineageQuestions {
  at(moment?: Moment): Promise<Adjacency>;
}

/** What questions need. */
export interface QuestionDeps {
  store: Pick<
    LineageStore,
    | "edgesAt"
    | "nodes"
    | "findNodes"
    | "canon"
    | "revision"
    | "sourceDays"
    | "daySums"
    | "coverage"
    | "columnEdges"
    | "sightingsOf"
    | "sightingsOfGroups"
  >;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Job id of a declared resource, where somebody knows it. */
  jobIdOf?: ((resource: string) => Promise<string | undefined>) | undefined;
}

/** What a resource may be called: a name with a dot or slash is that of a table. */
const RESOURCE = /^[\w-]+$/;

/** Days that a coverage shows. */
const COVERAGE_DAYS = 90;
const DAY_MS = 86_400_000;
const daysBefore = (day: string, days: number): string =>
  utc(Date.parse(`${day}T00:00:00.000Z`) - days * DAY_MS).slice(0, 10);

/** Opens the questions of a store. Graphs that were read are kept for the next question. */
export function openQuestions({ store, now, jobIdOf = async () => undefined }: QuestionDeps): OpenQuestions {
  const graphs = openGraphs(store);
  const today = (): string => utc(now()).slice(0, 10);

  /** The last day of which anything is known; today where nothing is. */
  async function lastDay(): Promise<string> {
    const days = await store.sourceDays();
    return days.filter(({ day }) => day <= today()).at(-1)?.day ?? days.at(-1)?.day ?? today();
  }

  async function at({ at: day, windowDays = WINDOW_DAYS }: Moment = {}): Promise<Adjacency> {
    return graphs.at(day ?? (await lastDay()), windowDays);
  }

  async function find(graph: Adjacency, text: string): Promise<number> {
    const found = matches(graph, text);
    if (found.length === 1) return found[0] as number;
    if (graph.nodes.length === 0 && (await store.sourceDays()).length === 0) {
      throw new HeadgateError("not_found", "the store has no lineage yet", {
        hint: "headgate lineage ingest reads the sources of headgate.yaml into it",
        permanent: true,
      });
    }
    const jobId = found.length === 0 && RESOURCE.test(text) ? await jobIdOf(text) : undefined;
    const [declared] = jobId === undefined ? [] : matches(graph, jobId);
    return declared ?? findNode(graph, text);
  }

  /** What is around the focus of a picture must not look whole where it cannot be. */
  async function warningsAt(graph: Adjacency) {
    const [days, told] = [await store.sourceDays(), await store.coverage({ to: graph.at })];
    return coverageView({ graph, days: days.filter(({ day }) => day <= graph.at), sums: [], told, now: utc(now()) })
      .warnings;
  }

  const dated = (graph: Adjacency) => ({ at: graph.at, windowDays: graph.windowDays });

  return {
    at,
    async graph(node, options) {
      const graph = await at(options);
      return { ...focusView(graph, await find(graph, node), options), warnings: await warningsAt(graph) };
    },
    async trace(node, { direction, depth, ...moment }) {
      const graph = await at(moment);
      return traceView(graph, await find(graph, node), direction, depth);
    },
    async evidence(from, to, moment = {}) {
      const graph = await at(moment);
      return readEvidence(store, graph, await find(graph, from), await find(graph, to));
    },
    async explain(node, { limit, ...moment }) {
      const graph = await at(moment);
      return readNodeEvidence(store, graph, await find(graph, node), limit);
    },
    async search(text, { kind, limit, cursor, ...moment }) {
      const graph = await at(moment);
      const places = searchGraph(graph, text, kind);
      const from = Number(cursor ?? 0) || 0;
      return {
        count: places.length,
        items: places
          .slice(from, from + limit)
          .map((place) => ({ ...nodeView(graph, place), neighbours: degreeOf(graph, place) })),
        next: from + limit < places.length ? String(from + limit) : null,
      };
    },
    overview: async ({ limit, ...moment }) => overviewView(await at(moment), limit),
    async datasets(options) {
      const graph = await at(options);
      return { ...dated(graph), ...datasetRows(graph, options) };
    },
    async jobs(options) {
      const graph = await at(options);
      return { ...dated(graph), ...jobRows(graph, options) };
    },
    async edges({ node, ...options }) {
      const graph = await at(options);
      const place = node === undefined ? undefined : await find(graph, node);
      return { ...dated(graph), ...edgeRows(graph, { ...options, node: place }) };
    },
    async diff({ from, to, windowDays, node, limit }) {
      const [before, after] = [await at({ at: from, windowDays }), await at({ at: to, windowDays })];
      const near = node === undefined ? undefined : new Set<string>();
      if (node !== undefined) {
        const known = [before, after].filter((graph) => matches(graph, node).length > 0);
        for (const graph of known.length > 0 ? known : [after]) {
          near?.add(refOf(graph.nodes[await find(graph, node)] as Adjacency["nodes"][number]));
        }
      }
      return diffView(before, after, { near, limit });
    },
    async coverage(moment = {}) {
      const graph = await at(moment);
      const [first, last] = [daysBefore(graph.at, COVERAGE_DAYS - 1), graph.at];
      const days = (await store.sourceDays()).filter(({ day }) => day <= last);
      const [sums, told] = [await store.daySums(first, last), await store.coverage({ to: last })];
      return coverageView({ graph, days, sums, told, now: utc(now()) });
    },
    async waves({ pins, capacity, tables, ...moment } = {}) {
      const graph = await at(moment);
      const edges = waveEdgesOf(graph);
      const nameOf = tableNaming(edges);
      const named = Object.entries(pins?.tables ?? {}).map(([name, pin]) => [nameOf(name), pin] as const);
      const plan = planWaves({
        edges,
        tables: tables?.map((table) => ({ ...table, name: nameOf(table.name) })),
        pins: pins && { ...pins, tables: Object.fromEntries(named) },
        capacity,
      });
      return { ...dated(graph), ...plan };
    },
  };
}
