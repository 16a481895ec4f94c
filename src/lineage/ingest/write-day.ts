/** Writes a day of a source into the store: nodes and edges first, then all of the day in one transaction. */
import type { Lease } from "../../store/cursors.ts";
import type { LineageStore, NodeKey, Sighting, Unit } from "../../store/lineage.ts";
import type { Store } from "../../store/transaction.ts";
import type { DayContent } from "./day-reader.ts";

/** A day to write. */
export interface DayToWrite {
  source: string;
  day: string;
  content: DayContent;
  /** Units that count as read when this is written. */
  units: readonly Unit[];
  lease: Lease;
  /** Value of the source's cursor after it. */
  cursor: string;
}

/** Name of a source's cursor. */
export const cursorOf = (source: string): string => `lineage/${source}`;

const textOf = (key: NodeKey): string => JSON.stringify([key.kind, key.namespace, key.name]);

/** Ids of nodes by their keys; unknown ones are made. */
export async function nodeIds(lineage: LineageStore, keys: readonly NodeKey[]): Promise<(key: NodeKey) => number> {
  const distinct = [...new Map(keys.map((key) => [textOf(key), key])).values()];
  const ids = await lineage.upsertNodes(distinct);
  const byText = new Map(distinct.map((key, index) => [textOf(key), ids[index] as number]));
  return (key) => byText.get(textOf(key)) as number;
}

/**
 * Writes a day. Nodes and edges that end up unused do no harm, so they need not be in the transaction.
 * @returns whether the day is another than before, and how many edges it has
 * @throws HeadgateError `lock_lost` where another ingest has taken over: nothing of the day is written then
 */
export async function writeDay(store: Store, write: DayToWrite): Promise<{ changed: boolean; edges: number }> {
  const { source, day, content, units, lease, cursor } = write;
  const { sightings, columns = [], titles = [] } = content;
  const idOf = await nodeIds(store.lineage, [
    ...[...sightings, ...columns].flatMap(({ from, to }) => [from, to]),
    ...titles.map(({ node }) => node),
  ]);
  const edgeIds = await store.lineage.upsertEdges(
    sightings.map(({ from, to, relation }) => ({ from: idOf(from), to: idOf(to), relation })),
  );
  const seen = sightings.map(
    ({ from: _from, to: _to, relation: _relation, ...counts }, index): Sighting => ({
      ...counts,
      edgeId: edgeIds[index] as number,
    }),
  );
  const { changed } = await store.transaction(async ({ lineage, cursors }) => {
    // first the fence: who lost the lease must not write
    await cursors.move(cursorOf(source), cursor, lease);
    await lineage.putTitles(titles.map(({ node, title }) => ({ node: idOf(node), title })));
    return lineage.replaceDay({
      source,
      day,
      ruleset: content.ruleset,
      sightings: seen,
      columns: columns.map(({ from, to, ...column }) => ({ ...column, from: idOf(from), to: idOf(to) })),
      coverage: content.coverage,
      units,
    });
  });
  return { changed, edges: new Set(edgeIds).size };
}
