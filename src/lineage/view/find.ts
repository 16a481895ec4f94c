/** Finds the node that a person means: by name, part of a name, title, id, or how it was printed before. */
import { HeadgateError } from "../../errors.ts";
import type { LineageNodeView } from "../../model/view-lineage.ts";
import { nearest } from "../../util/nearest.ts";
import type { Adjacency } from "../graph/adjacency.ts";
import { isPath } from "../graph/paths.ts";
import type { Thing } from "../graph/things.ts";
import { fits } from "./lists.ts";
import { jobIdOf, nodeView, refOf, spoken } from "./node.ts";

type Test = (node: Pick<Thing, "kind" | "namespace" | "name" | "title">) => boolean;

/** Tests from the most to the least exact; the first that somebody passes decides. */
function testsOf(text: string): Test[] {
  const lower = text.toLowerCase().replaceAll("`", "");
  const parts = (node: { name: string }) => node.name.toLowerCase();
  return [
    (node) => refOf(node) === text,
    (node) => `${node.namespace}/${node.name}` === text,
    (node) => (!isPath(node) && node.name === text) || node.title === text,
    (node) => jobIdOf(node) === text,
    (node) => (!isPath(node) && parts(node) === lower) || node.title?.toLowerCase() === lower,
    // `sales.orders` of `main.sales.orders`, `orders` of `bronze/orders`.
    (node) =>
      node.kind === "dataset" &&
      (isPath(node) ? `/${parts(node)}`.endsWith(`/${lower}`) : parts(node).endsWith(`.${lower}`)),
  ];
}

/** Nodes that a text means, by place: one, several where it is ambiguous, none. */
export function matches(graph: Pick<Adjacency, "nodes">, text: string): number[] {
  for (const test of testsOf(text)) {
    const found: number[] = [];
    graph.nodes.forEach((node, place) => {
      if (test(node) || node.aliases.some((other) => test(other))) found.push(place);
    });
    if (found.length > 0) return found;
  }
  return [];
}

/** Most names that a message gives. */
const NAMED = 8;

/** How a node is named in a list of several that fit. */
const choice = (view: LineageNodeView): string => `${view.kind} ${spoken(view)} (${view.ref})`;

/**
 * The one node that a text means.
 * @throws HeadgateError `not_found` with the nearest names, `input_invalid` with the list where several fit
 */
export function findNode(graph: Adjacency, text: string): number {
  const found = matches(graph, text);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first !== undefined) {
    const views = found.map((place) => nodeView(graph, place));
    const shown = views.slice(0, NAMED).map(choice).join("; ");
    const more = views.length > NAMED ? ` and ${views.length - NAMED} more` : "";
    throw new HeadgateError("input_invalid", `${text} fits ${views.length} nodes: ${shown}${more}`, {
      hint: "name one of them as it stands in brackets",
      data: { candidates: views.map(({ ref }) => ref) },
      permanent: true,
    });
  }
  const near = nearNames(graph, text);
  throw new HeadgateError("not_found", `nothing of the lineage up to ${graph.at} is called ${text}`, {
    hint: near.length > 0 ? `did you mean ${near.join(", ")}?` : "headgate lineage coverage says what there is",
    data: { nearest: near },
    permanent: true,
  });
}

/** The end of a name that has as many parts as what was written: `silver.orders` of `main.silver.orders`. */
function endOf(view: LineageNodeView, text: string): string {
  if (view.kind !== "dataset") return view.label;
  const mark = isPath(view) ? "/" : ".";
  return view.name.split(mark).slice(-text.split(mark).length).join(mark);
}

/** Names that somebody may have meant, most likely first. */
function nearNames(graph: Adjacency, text: string): string[] {
  const views = [...graph.nodes.keys()].map((place) => nodeView(graph, place));
  const ends = views.map((view) => ({ view, end: endOf(view, text) }));
  const slip = nearest(
    text,
    ends.map(({ end }) => end),
  );
  const slips = ends.filter(({ end }) => end === slip).map(({ view }) => spoken(view));
  const containing = views.filter((view) => fits(view, text)).map(spoken);
  return [...new Set([...slips, ...containing])].slice(0, 3);
}

/** Nodes that hold all words, the nearest first: names that begin with it, then short ones. */
export function searchGraph(graph: Adjacency, text: string, kind: string | undefined): number[] {
  const lower = text.trim().toLowerCase();
  const exact = new Set(matches(graph, text.trim()));
  const rank = (place: number, view: LineageNodeView): number =>
    exact.has(place)
      ? 0
      : view.label.toLowerCase().startsWith(lower)
        ? 1
        : spoken(view).toLowerCase().includes(lower)
          ? 2
          : 3;
  return [...graph.nodes.keys()]
    .filter((place) => kind === undefined || graph.nodes[place]?.kind === kind)
    .map((place) => ({ place, view: nodeView(graph, place) }))
    .filter(({ place, view }) => exact.has(place) || lower === "" || fits(view, lower))
    .map(({ place, view }) => ({ place, rank: rank(place, view), length: spoken(view).length }))
    .sort((a, b) => a.rank - b.rank || a.length - b.length || a.place - b.place)
    .map(({ place }) => place);
}
