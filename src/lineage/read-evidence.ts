/** Reads what lies behind an edge of the graph: its sightings, who else fits, the columns that go over it. */
import { HeadgateError } from "../errors.ts";
import type { Direction } from "../model/lineage-question.ts";
import type { LineageEvidenceView, LineageNodeEvidenceView } from "../model/view-lineage.ts";
import type { LineageStore } from "../store/lineage.ts";
import { utc } from "../util/clock.ts";
import { agreementAbout } from "./agreement.ts";
import type { Adjacency } from "./graph/adjacency.ts";
import { relationsIn } from "./graph/direction.ts";
import { rowOf } from "./graph/links.ts";
import { neighbours } from "./graph/walk.ts";
import { edgeRow, edgeView } from "./view/edge.ts";
import { byDay, bySource, doubtOf, type RelatedSighting, sharesOf, titleOf } from "./view/evidence.ts";
import { nodeView, spoken } from "./view/node.ts";
import { amountText } from "./view/words.ts";

type EvidenceStore = Pick<LineageStore, "sightingsOf" | "sightingsOfGroups" | "columnEdges" | "sourceDays">;

/** Groups of ambiguous accesses that are looked into: enough to tell the shares. */
const MOST_GROUPS = 500;
const DAY_MS = 86_400_000;

/** The edge between two nodes, whichever way the data runs. */
function edgeBetween(graph: Adjacency, a: number, b: number): number | undefined {
  const along = (from: number, to: number) => rowOf(graph.down, from).find((edge) => graph.edges.to[edge] === to);
  return along(a, b) ?? along(b, a);
}

/**
 * All that is known of what joins two places.
 * @throws HeadgateError `not_found` where nothing does
 */
export async function readEvidence(
  store: EvidenceStore,
  graph: Adjacency,
  a: number,
  b: number,
): Promise<LineageEvidenceView> {
  const edge = edgeBetween(graph, a, b);
  if (edge === undefined) {
    const [one, other] = [spoken(nodeView(graph, a)), spoken(nodeView(graph, b))];
    throw new HeadgateError("not_found", `nothing goes from ${one} to ${other} or back, up to ${graph.at}`, {
      hint: `headgate lineage trace ${one} --down shows what it reaches over others`,
      permanent: true,
    });
  }
  const { edges, stored } = graph;
  const [offset, end] = [stored.offsets[edge] as number, stored.offsets[edge + 1] as number];
  const relationOf = new Map<number, number>();
  for (let at = offset; at < end; at++) relationOf.set(stored.ids[at] as number, stored.relations[at] as number);
  const windowStart = utc(Date.parse(`${graph.at}T00:00:00.000Z`) - (graph.windowDays - 1) * DAY_MS).slice(0, 10);
  const firstSeen = utc(edges.firstAt[edge] as number).slice(0, 10);
  const [first = windowStart] = [firstSeen, windowStart].sort();
  const sightings = (await store.sightingsOf([...relationOf.keys()], first, graph.at)).map(
    (seen): RelatedSighting => ({
      ...seen,
      relation: relationsIn(relationOf.get(seen.edgeId) ?? 0)[0] ?? "reads",
    }),
  );
  const view = edgeView(graph, edge);
  const [from, to] = [edges.from[edge] as number, edges.to[edge] as number];
  const [fromView, toView] = [nodeView(graph, from), nodeView(graph, to)];
  const candidates = await readCandidates(store, graph, edge, sightings);
  const sources = bySource(sightings, graph.at);
  const [only] = sources;
  return {
    at: graph.at,
    windowDays: graph.windowDays,
    from: fromView,
    to: toView,
    edge: view,
    title: titleOf(fromView, toView, view.relations),
    text: sources.length === 1 && only !== undefined ? only.text : amountText(view, graph.at),
    doubt: doubtOf(view, candidates),
    agreement: await readAgreement(store, graph, sightings, first),
    sources,
    days: byDay(sightings),
    candidates,
    columns: await readColumns(store, graph, from, to, first),
  };
}

/** What lies behind the edges of a place. @param limit edges that are looked into, the most certain first */
export async function readNodeEvidence(
  store: EvidenceStore,
  graph: Adjacency,
  place: number,
  limit: number,
): Promise<LineageNodeEvidenceView> {
  const { confidence, from, to } = graph.edges;
  const all = [...rowOf(graph.up, place), ...rowOf(graph.down, place)];
  const chosen = [...all]
    .sort((a, b) => (confidence[b] as number) - (confidence[a] as number) || a - b)
    .slice(0, limit)
    // What comes in stands before what goes out.
    .sort((a, b) => all.indexOf(a) - all.indexOf(b));
  const items: LineageNodeEvidenceView["items"] = [];
  for (const edge of chosen) {
    const seen = await readEvidence(store, graph, from[edge] as number, to[edge] as number);
    const { title, text, doubt, agreement, candidates } = seen;
    items.push({ edge: edgeRow(graph, edge), title, text, doubt, agreement, candidates });
  }
  return { at: graph.at, windowDays: graph.windowDays, node: nodeView(graph, place), count: all.length, items };
}

/** Who else an ambiguous access may have been of. */
async function readCandidates(
  store: EvidenceStore,
  graph: Adjacency,
  edge: number,
  sightings: readonly RelatedSighting[],
): Promise<LineageEvidenceView["candidates"]> {
  const groups = new Map<string, { source: string; day: string; ids: string[] }>();
  for (const { source, day, groupId } of sightings.filter((one) => one.groupId !== "").slice(-MOST_GROUPS)) {
    const key = `${source}\n${day}`;
    const known = groups.get(key) ?? { source, day, ids: [] };
    if (!known.ids.includes(groupId)) known.ids.push(groupId);
    groups.set(key, known);
  }
  if (groups.size === 0) return [];
  const all = await Promise.all(
    [...groups.values()].map(({ source, day, ids }) => store.sightingsOfGroups(source, day, ids)),
  );
  const seen = all.flat();
  const owners = ownersOf(graph, edge, new Set(seen.map(({ edgeId }) => edgeId)));
  const weighed = seen.flatMap(({ edgeId, requests }) => {
    const owner = owners.get(edgeId);
    return owner === undefined ? [] : [{ owner, weight: requests }];
  });
  return sharesOf(weighed).map(({ owner, share }) => ({ node: nodeView(graph, owner), share }));
}

/** The jobs behind edges of the store, by edge id: those of the same table as a given edge. */
function ownersOf(graph: Adjacency, edge: number, wanted: ReadonlySet<number>): Map<number, number> {
  const { edges, stored, nodes } = graph;
  const [from, to] = [edges.from[edge] as number, edges.to[edge] as number];
  const table = nodes[from]?.kind === "dataset" ? from : to;
  const owners = new Map<number, number>();
  for (const direction of ["up", "down"] as const) {
    for (const near of rowOf(graph[direction], table)) {
      const other = (direction === "up" ? edges.from : edges.to)[near] as number;
      for (let at = stored.offsets[near] as number; at < (stored.offsets[near + 1] as number); at++) {
        const id = stored.ids[at] as number;
        if (wanted.has(id)) owners.set(id, other);
      }
    }
  }
  return owners;
}

/** Columns of the edge's table that come from, or go to, what the job at its other end touches. */
async function readColumns(
  store: EvidenceStore,
  graph: Adjacency,
  from: number,
  to: number,
  since: string,
): Promise<LineageEvidenceView["columns"]> {
  const isTable = (place: number) => graph.nodes[place]?.kind === "dataset";
  const [table, ends]: [number, ReadonlySet<number>] =
    isTable(from) && isTable(to)
      ? [from, new Set([to])]
      : isTable(from)
        ? [from, around(graph, to, "down")]
        : [to, around(graph, from, "up")];
  const side = table === from ? "from" : "to";
  const ids = graph.nodes[table]?.members ?? [];
  const found = await Promise.all(ids.map((id) => store.columnEdges({ [side]: id, since })));
  return found.flat().flatMap((column) => {
    const [first, second] = [graph.placeOf.get(column.from), graph.placeOf.get(column.to)];
    const other = side === "from" ? second : first;
    if (first === undefined || second === undefined || other === undefined || !ends.has(other)) return [];
    const { fromColumn, toColumn, kind, lastDay } = column;
    return [{ from: nodeView(graph, first), to: nodeView(graph, second), fromColumn, toColumn, kind, lastDay }];
  });
}

const around = (graph: Adjacency, place: number, direction: Direction): ReadonlySet<number> =>
  new Set([...neighbours(graph, place, direction)].map(([, other]) => other));

/** `storage-logs and unity-catalog agree; http missed it on 2 days`. */
async function readAgreement(
  store: EvidenceStore,
  graph: Adjacency,
  sightings: readonly RelatedSighting[],
  first: string,
): Promise<string> {
  const days = new Map<string, string[]>();
  for (const { source, day } of await store.sourceDays()) {
    if (day >= first && day <= graph.at) days.set(source, [...(days.get(source) ?? []), day]);
  }
  const reaches = [...days].map(([source, read]) => ({ source, days: read }));
  return agreementAbout(sightings, reaches, sightings[0]?.relation ?? "reads").text;
}
