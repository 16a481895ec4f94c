/** Traversals against a search written without arrays, on random graphs with circles, aliases and tasks. */
import { expect, it } from "vitest";
import type { EdgeAt, LineageNode, Relation } from "../../store/lineage.ts";
import { type Adjacency, buildAdjacency } from "./adjacency.ts";
import { gatherThings } from "./things.ts";
import { walk, wayTo } from "./walk.ts";

interface World {
  nodes: LineageNode[];
  edges: EdgeAt[];
  canon: Map<number, number>;
}

function randomWorld(seed: number): World {
  let state = seed;
  const roll = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const [jobs, tables] = [3 + roll(12), 3 + roll(20)];
  const node = (kind: LineageNode["kind"], name: string, id: number) => ({ id, kind, namespace: "n", name });
  const nodes = [
    ...Array.from({ length: jobs }, (_, j) => node("job", `${j}`, 1 + j)),
    // Tasks of those jobs, and of some that have no node of their own.
    ...Array.from({ length: jobs }, (_, t) => node("task", `${roll(jobs + 3)}/t${t}`, 1 + jobs + t)),
    ...Array.from({ length: tables }, (_, t) => node("dataset", `s.t${t}`, 1 + 2 * jobs + t)),
  ];
  const canon = new Map<number, number>();
  const dataset = () => 1 + 2 * jobs + roll(tables);
  for (let n = 0; n < tables / 4; n++) {
    const [a, b] = [dataset(), dataset()];
    const stands = [...canon.values()];
    if (a !== b && !canon.has(a) && !canon.has(b) && !stands.includes(a)) canon.set(a, b);
  }
  const relations: Relation[] = ["reads", "writes", "reads", "writes", "maintains", "clones", "calls"];
  const edges = Array.from({ length: roll(90) }, (_, at): EdgeAt => {
    const relation = relations[roll(relations.length)] as Relation;
    const from = relation === "clones" ? dataset() : 1 + roll(2 * jobs);
    const to = relation === "calls" ? 1 + roll(jobs) : dataset();
    const counts = { requests: roll(9), files: 1, bytes: roll(1e6), commits: 0, runs: 1 };
    return {
      edgeId: at + 1,
      from,
      to,
      relation,
      sources: [`s${roll(3)}`],
      attributions: [["exclusive", "ambiguous", "window"][roll(3)] as string],
      ...counts,
      firstAt: "2026-11-19T00:00:00.000Z",
      lastAt: "2026-11-20T00:00:00.000Z",
      confidence: (1 + roll(10)) / 10,
      approximate: false,
    };
  });
  return { nodes, edges, canon };
}

function graphOf({ nodes, edges, canon }: World): Adjacency {
  const things = gatherThings(canon);
  things.know(nodes);
  const builder = buildAdjacency("2026-11-20", 30, things);
  for (const edge of edges) builder.add(edge);
  return builder.finish();
}

/** The same question with sets of names: what a reader would write first. */
function oracle({ nodes, edges, canon }: World) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const name = (id: number): string => {
    const node = byId.get(canon.get(id) ?? id) as LineageNode;
    return node.kind === "task" ? `job ${node.name.split("/")[0]}` : `${node.kind} ${node.name}`;
  };
  const moves = edges
    .filter(({ relation }) => relation !== "maintains" && relation !== "calls")
    .map(({ from, to, relation, confidence }) =>
      relation === "reads"
        ? { from: name(to), to: name(from), confidence }
        : { from: name(from), to: name(to), confidence },
    )
    .filter(({ from, to }) => from !== to);
  return (start: string, direction: "up" | "down") => {
    const distance = new Map([[start, 0]]);
    const certain = new Map([[start, 1]]);
    for (let step = 1; ; step++) {
      const before = distance.size;
      for (const [node, at] of [...distance]) {
        if (at !== step - 1) continue;
        for (const move of moves) {
          const [here, there] = direction === "down" ? [move.from, move.to] : [move.to, move.from];
          if (here !== node || (distance.get(there) ?? step) < step) continue;
          // Sightings of one edge together are as certain as the best of them.
          const best = Math.max(
            ...moves.filter(({ from, to }) => from === move.from && to === move.to).map(({ confidence }) => confidence),
          );
          distance.set(there, step);
          certain.set(there, Math.max(certain.get(there) ?? 0, Math.min(certain.get(node) ?? 0, best)));
        }
      }
      if (distance.size === before) return { distance, certain };
    }
  };
}

const nameAt = (graph: Adjacency, place: number): string => {
  const node = graph.nodes[place];
  return node?.kind === "task" ? `job ${node.name.split("/")[0]}` : `${node?.kind} ${node?.name}`;
};

it("reaches what a naive search reaches, as far and as certain, from every node in both directions", () => {
  let reachedAll = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const world = randomWorld(seed);
    const graph = graphOf(world);
    const search = oracle(world);
    for (const start of graph.nodes.keys()) {
      for (const direction of ["up", "down"] as const) {
        const walked = walk(graph, [start], direction);
        const expected = search(nameAt(graph, start), direction);
        const found = new Map(walked.reached.map((place) => [nameAt(graph, place), walked.distance[place]]));
        expect(found, `seed ${seed}, ${direction} of ${nameAt(graph, start)}`).toEqual(expected.distance);
        for (const place of walked.reached) {
          expect(walked.confidence[place]).toBeCloseTo(expected.certain.get(nameAt(graph, place)) as number, 9);
          const way = wayTo(walked, place);
          expect([way[0], way.at(-1), way.length - 1]).toEqual([start, place, walked.distance[place]]);
        }
        reachedAll += found.size;
      }
    }
  }
  expect(reachedAll).toBeGreaterThan(3_000);
});

it("is the same graph whatever order edges and names come in", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const world = randomWorld(seed);
    const turned = { ...world, edges: [...world.edges].reverse(), nodes: [...world.nodes].reverse() };
    const shape = (graph: Adjacency) => ({
      nodes: graph.nodes.map(({ namespace, kind, name, aliases }) => [
        kind,
        namespace,
        name,
        aliases.map((one) => one.name).sort(),
      ]),
      from: [...graph.edges.from],
      to: [...graph.edges.to],
      relations: [...graph.edges.relations],
      bytes: [...graph.edges.bytes],
    });
    expect(shape(graphOf(turned))).toEqual(shape(graphOf(world)));
  }
});

it("stops at a depth", () => {
  const world = randomWorld(7);
  const graph = graphOf(world);
  const whole = walk(graph, [0], "down");
  const near = walk(graph, [0], "down", 2);
  expect(near.reached).toEqual(whole.reached.filter((place) => (whole.distance[place] as number) <= 2));
});
