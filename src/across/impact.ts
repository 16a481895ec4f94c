/** Whom a job hurts over the tables it writes: what the lineage says downstream of it. Pure. */
import type { Adjacency } from "../lineage/graph/adjacency.ts";
import { neighbours, walk } from "../lineage/graph/walk.ts";
import { strengthOf } from "../lineage/view/edge.ts";
import { countKinds, jobIdOf, nodeView, spoken } from "../lineage/view/node.ts";
import type { Downstream, Fed } from "../model/plan.ts";

/** What a job feeds, by its id; a job that the lineage does not know is not listed. */
export function downstreamOf(graph: Adjacency, jobIds: Iterable<string>): Map<string, Downstream> {
  const wanted = new Set(jobIds);
  const places = new Map<string, number[]>();
  graph.nodes.forEach((node, place) => {
    const id = node.kind === "job" ? jobIdOf(node) : null;
    if (id !== null && wanted.has(id)) places.set(id, [...(places.get(id) ?? []), place]);
  });
  return new Map([...places].map(([id, own]) => [id, downstreamAt(graph, own)]));
}

function isUnsure({ edges, words }: Adjacency, edge: number): boolean {
  const attributions = words[edges.attributions[edge] as number] ?? [];
  return strengthOf(attributions, edges.confidence[edge] as number) === "unsure";
}

/** The tables of a job, in the order of their names, then who reads them. */
function downstreamAt(graph: Adjacency, own: readonly number[]): Downstream {
  const tables = new Map<number, { unsure: boolean }>();
  const readers = new Map<number, { unsure: boolean; over: number[] }>();
  for (const job of own) {
    for (const [edge, table] of neighbours(graph, job, "down")) {
      const unsure = isUnsure(graph, edge);
      tables.set(table, { unsure: unsure && (tables.get(table)?.unsure ?? true) });
    }
  }
  for (const [table, written] of tables) {
    for (const [edge, reader] of neighbours(graph, table, "down")) {
      // What it reads of its own tables hurts nobody else.
      if (own.includes(reader) || tables.has(reader)) continue;
      const known = readers.get(reader) ?? { unsure: true, over: [] };
      known.unsure &&= written.unsure || isUnsure(graph, edge);
      known.over.push(table);
      readers.set(reader, known);
    }
  }
  const nameAt = (place: number): string => spoken(nodeView(graph, place));
  const sorted = <T>(of: Map<number, T>) => [...of].sort(([a], [b]) => a - b);
  const direct = new Set([...own, ...tables.keys(), ...readers.keys()]);
  const { jobs, datasets } = countKinds(
    graph,
    walk(graph, own, "down").reached.filter((place) => !direct.has(place)),
  );
  return {
    fed: [
      ...sorted(tables).map(([place, { unsure }]): Fed => fedAt(graph, place, unsure)),
      ...sorted(readers).map(
        ([place, { unsure, over }]): Fed => ({
          ...fedAt(graph, place, unsure),
          over: over.sort((a, b) => a - b).map(nameAt),
        }),
      ),
    ],
    further: { tables: datasets, jobs },
  };
}

function fedAt(graph: Adjacency, place: number, unsure: boolean): Fed {
  const view = nodeView(graph, place);
  return {
    kind: view.kind === "dataset" ? "dataset" : "job",
    name: spoken(view),
    ...(view.jobId === null ? {} : { jobId: view.jobId }),
    ...(unsure ? { unsure: true } : {}),
  };
}
