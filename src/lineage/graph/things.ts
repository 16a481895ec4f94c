/**
 * What nodes of the store are one thing in the graph: names of one thing (claims that were settled), and a job with all
 * its tasks.
 */
import type { LineageNode } from "../../store/lineage.ts";

/** A thing: the node that stands for all its names. */
export interface Thing extends LineageNode {
  /** Other names. */
  aliases: LineageNode[];
  /** Ids of all nodes it is. */
  members: number[];
}

const keyOf = (node: Pick<LineageNode, "kind" | "namespace" | "name">): string =>
  `${node.kind}\u001f${node.namespace}\u001f${node.name}`;

/** The job of a task, by the way tasks are named: `JOB/TASK`. */
export function jobOfTask(task: Pick<LineageNode, "namespace" | "name">) {
  const cut = task.name.indexOf("/");
  return { kind: "job" as const, namespace: task.namespace, name: cut > 0 ? task.name.slice(0, cut) : task.name };
}

/** Gathers nodes and says which thing each is. */
export interface Things {
  /** Makes nodes known. All ids of the canon have to be known before the first question. */
  know(nodes: readonly LineageNode[]): void;
  isKnown(id: number): boolean;
  /** Number of the thing that a known node is. */
  of(id: number): number;
  /** All things that were asked for, by number. */
  all(): Thing[];
}

/** @param canon which node stands for which; those that stand for themselves are not listed */
export function gatherThings(canon: ReadonlyMap<number, number>): Things {
  const byId = new Map<number, LineageNode>();
  const byKey = new Map<string, LineageNode>();
  const numbers = new Map<string, number>();
  const standing: (LineageNode | Omit<LineageNode, "id">)[] = [];
  const known = new Map<number, number>();
  const canonical = (node: LineageNode): LineageNode => byId.get(canon.get(node.id) ?? node.id) ?? node;

  function of(id: number): number {
    const seen = known.get(id);
    if (seen !== undefined) return seen;
    const node = byId.get(id);
    if (node === undefined) throw new Error(`node ${id} is not known`);
    let stands: LineageNode | Omit<LineageNode, "id"> = canonical(node);
    if (stands.kind === "task") {
      const job = jobOfTask(stands);
      const found = byKey.get(keyOf(job));
      stands = found === undefined ? job : canonical(found);
    }
    const key = keyOf(stands);
    let number = numbers.get(key);
    if (number === undefined) {
      number = standing.length;
      numbers.set(key, number);
      standing.push(stands);
    }
    known.set(id, number);
    return number;
  }

  return {
    know(nodes) {
      for (const node of nodes) {
        byId.set(node.id, node);
        byKey.set(keyOf(node), node);
      }
    },
    isKnown: (id) => byId.has(id),
    of,
    all() {
      // Aliases belong to a thing although no edge names them.
      for (const [node, stands] of canon) {
        const key = byId.get(stands);
        if (byId.has(node) && key !== undefined && numbers.has(keyOf(key))) of(node);
      }
      const things = standing.map((stands): Thing => {
        const found = byKey.get(keyOf(stands));
        return { ...stands, id: found?.id ?? 0, aliases: [], members: found === undefined ? [] : [found.id] };
      });
      for (const [id, number] of known) {
        const thing = things[number] as Thing;
        const node = byId.get(id) as LineageNode;
        if (id === thing.id) continue;
        thing.members.push(id);
        if (node.kind !== "task") thing.aliases.push(node);
        // A job of which the store has only tasks: numbers below 0 are nobody else's.
        if (thing.id <= 0) thing.id = Math.min(thing.id, -id);
      }
      return things;
    },
  };
}
