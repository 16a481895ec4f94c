/**
 * What somebody changed in a job between our reset and the reading of what became of it, as far as that can be told
 * from what the service itself makes of settings. Pure.
 *
 * The service makes the same of the same: where a part of a job (a task, a cluster, `schedule`, …) was sent exactly as
 * at the last apply, what was found after that one is expected again, and anything else is somebody's edit. Not told
 * from the service's own, and taken for it, is an edit
 * - of a job that was just created, or in a part that this reset sends otherwise than the one before it: nothing is
 *   known yet of what the service makes of that; but for name, description and tags, which it keeps as they are sent;
 * - to the very value that the field had before our reset: a service that insists on a value looks the same, and
 *   sending ours again and again would not change it;
 * - of values that the service computes, and of fields that we do not know.
 */
import { ruleOf } from "../workspace/fields.ts";
import { isDefault } from "./diff.ts";
import { type Base, comparable, DROPPED } from "./fingerprint.ts";
import type { Flat, Leaf } from "./leaves.ts";

/** One reset: settings taken apart. */
export interface Reset {
  /** What the last apply left. */
  base: Base;
  /** What was found just before. */
  before: Flat;
  sent: Flat;
  /** What was found after. */
  found: Flat;
}

/** The part of a job that a path lies in: `tasks[task_key=load]`, `schedule`. */
const partOf = (path: string): string => /^[^.[]+(?:\[[^\]]*\])?/.exec(path)?.[0] ?? path;

const isSame = (a: Leaf | undefined, b: Leaf | undefined): boolean =>
  a === undefined || b === undefined ? a === b : comparable(a) === comparable(b);

/** Parts that are sent otherwise than at the last apply. */
function changedParts({ base, before, sent, found }: Reset): Set<string> {
  const changed = new Set<string>();
  for (const leaf of sent.leaves.values())
    if (base.applied(leaf.path) !== base.digest(leaf)) changed.add(partOf(leaf.path));
  // What was sent then and is not now.
  for (const { leaves } of [before, found])
    for (const path of leaves.keys())
      if (!sent.leaves.has(path) && base.applied(path) !== undefined) changed.add(partOf(path));
  return changed;
}

/** Texts that are kept as they were sent (Jobs API reference: free text, and tags as those of clusters). */
const VERBATIM = /^(?:name|description|tags)(?![A-Za-z_])/;

const textOf = (leaf: Leaf | undefined): string => (leaf === undefined ? "" : comparable(leaf).trim());

/** Leaf paths of texts that the service keeps as they are, and that are others: somebody was there since they were sent. */
export function movedTexts({ sent, found }: Pick<Reset, "sent" | "found">): Set<string> {
  const moved = new Set<string>();
  for (const leaf of sent.leaves.values())
    if (VERBATIM.test(leaf.path) && textOf(leaf) !== textOf(found.leaves.get(leaf.path))) moved.add(leaf.path);
  return moved;
}

/** Leaf paths whose values are neither what we sent nor what the service makes of it: somebody was there in between. */
export function movedSince(reset: Reset): Set<string> {
  const { base, before, sent, found } = reset;
  const changed = changedParts(reset);
  const moved = movedTexts(reset);
  for (const path of new Set([...sent.leaves.keys(), ...found.leaves.keys()])) {
    const after = found.leaves.get(path);
    const leaf = after ?? sent.leaves.get(path);
    if (leaf === undefined || !leaf.known || changed.has(partOf(path))) continue;
    const kind = ruleOf(leaf.pattern)?.kind;
    if (kind === "volatile" || kind === "computed" || kind === "write_only") continue;
    if (after !== undefined && !sent.leaves.has(path) && isDefault(after, {})) continue;
    const expected = base.settled(path) ?? base.applied(path) ?? DROPPED;
    const is = after === undefined ? DROPPED : base.digest(after);
    if (is !== expected && !isSame(after, before.leaves.get(path))) moved.add(path);
  }
  return moved;
}
