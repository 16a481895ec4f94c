/** Digest of a job as it was found: apply refuses a job whose digest is another than the plan saw. Pure. */
import { createHash } from "node:crypto";
import { ruleOf } from "../workspace/fields.ts";
import { comparable } from "./fingerprint.ts";
import type { Flat, Leaf } from "./leaves.ts";

/**
 * True for what may differ between two reads of a job that nobody touched: what changes by itself, what a list may
 * leave out (identities and policies that are filled in), and fields we do not know, which a change carries over as
 * they are then. What a cluster was given when it was written stays, so it counts.
 */
function isFleeting(leaf: Leaf): boolean {
  if (!leaf.known) return true;
  const kind = ruleOf(leaf.pattern)?.kind;
  return kind === "volatile" || (kind === "computed" && !leaf.pattern.includes("new_cluster."));
}

/** Digest of settings taken apart, 24 hex digits. */
export function revisionOf({ leaves }: Pick<Flat, "leaves">): string {
  const parts: string[] = [];
  for (const leaf of leaves.values()) if (!isFleeting(leaf)) parts.push(`${leaf.path}\0${comparable(leaf)}`);
  return createHash("sha256").update(parts.sort().join("\n")).digest("hex").slice(0, 24);
}
