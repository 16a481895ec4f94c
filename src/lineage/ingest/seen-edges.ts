/** Days of a source that knows edges by itself (Unity Catalog). */
import type { EdgeSource, EvidenceUnit, SeenColumn, SeenEdge, SeenNode } from "../../sources/evidence-source.ts";
import type { NodeKey } from "../../store/lineage.ts";
import { nodeOf } from "../names.ts";
import type { DayContent, DayReader, NamedColumn, NamedSighting } from "./day-reader.ts";

/** A sighting of what was seen. */
function sightingOf(seen: SeenEdge, from: NodeKey, to: NodeKey): NamedSighting {
  const { relation, attribution, requests, runs, firstAt, lastAt, confidence } = seen;
  const nothing = { groupId: "", files: 0, bytes: 0, commits: 0 };
  return { from, to, relation, method: "edges", attribution, ...nothing, requests, runs, firstAt, lastAt, confidence };
}

/** Rows of one edge on one day are one sighting. */
function add(to: NamedSighting, seen: SeenEdge): void {
  to.requests += seen.requests;
  to.runs += seen.runs;
  if (seen.firstAt < to.firstAt) to.firstAt = seen.firstAt;
  if (seen.lastAt > to.lastAt) to.lastAt = seen.lastAt;
  to.confidence = Math.max(to.confidence, seen.confidence);
}

/**
 * A reader of such a source.
 * @param home id of the workspace whose names are meant where a source gives none
 */
export function seenEdgeDays(source: EdgeSource, home: () => Promise<string>, signal?: AbortSignal): DayReader {
  async function* seenIn(unit: EvidenceUnit) {
    for await (const batch of source.read(unit, signal)) yield* batch;
  }
  return {
    ruleset: source.ruleset,
    rulesetOf: async () => source.ruleset,
    async daysOf(unit) {
      if (unit.days !== undefined) return [...unit.days];
      const days = new Set<string>();
      for await (const seen of seenIn(unit)) days.add("edge" in seen ? seen.edge.day : seen.column.day);
      return [...days].sort();
    },
    async day(day, units): Promise<DayContent> {
      const workspaceId = await home();
      const sightings = new Map<string, NamedSighting>();
      const columns: NamedColumn[] = [];
      const titles = new Map<string, { node: NodeKey; title: string }>();
      const keyOf = (node: SeenNode): NodeKey => {
        const key = nodeOf(node, workspaceId);
        if (node.kind === "job" && node.title) titles.set(JSON.stringify(key), { node: key, title: node.title });
        return key;
      };
      const takeEdge = (edge: SeenEdge): void => {
        const [from, to] = [keyOf(edge.from), keyOf(edge.to)];
        const key = JSON.stringify([from, to, edge.relation, edge.attribution]);
        const known = sightings.get(key);
        if (known === undefined) sightings.set(key, sightingOf(edge, from, to));
        else add(known, edge);
      };
      const takeColumn = ({ from, to, fromColumn, toColumn, kind }: SeenColumn): void => {
        columns.push({ from: keyOf(from), to: keyOf(to), fromColumn, toColumn, kind });
      };
      for (const unit of units) {
        for await (const seen of seenIn(unit)) {
          if ("edge" in seen && seen.edge.day === day) takeEdge(seen.edge);
          else if ("column" in seen && seen.column.day === day) takeColumn(seen.column);
        }
      }
      return {
        ruleset: source.ruleset,
        sightings: [...sightings.values()],
        columns,
        titles: [...titles.values()],
      };
    },
  };
}
