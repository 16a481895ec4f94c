/** Which way the data runs along an edge of each relation, and whether any runs at all. */
import type { Relation } from "../../store/lineage.ts";

/** All relations; a set of them is a number with a bit for each place. */
export const RELATIONS: readonly Relation[] = ["reads", "writes", "maintains", "defines", "clones", "copies", "calls"];

/** The set of one relation. */
export const relationBit = (relation: Relation): number => 1 << RELATIONS.indexOf(relation);

/** Relations of a set, in the order of {@link RELATIONS}. */
export const relationsIn = (bits: number): Relation[] => RELATIONS.filter((_, place) => (bits & (1 << place)) !== 0);

/**
 * Relations that carry data from one node to another. OPTIMIZE and VACUUM rewrite a table with what is in it, and a
 * job that starts another hands it no table: both are shown, and no trace follows them.
 */
const MOVING: readonly Relation[] = ["reads", "writes", "defines", "clones", "copies"];
const MOVING_BITS = MOVING.reduce((bits, relation) => bits | relationBit(relation), 0);

/** Whether data runs along an edge with these relations. */
export const movesData = (bits: number): boolean => (bits & MOVING_BITS) !== 0;

/**
 * An edge as the data runs. The store has the actor first: a job that reads a table is the end of that table's data.
 * Everywhere else the first node is where it comes from.
 */
export function flowOf(edge: { from: number; to: number; relation: Relation }): { from: number; to: number } {
  return edge.relation === "reads" ? { from: edge.to, to: edge.from } : { from: edge.from, to: edge.to };
}
