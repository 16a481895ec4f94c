/** Brings what an inventory says of names and places into the store, and settles which nodes are one thing. */
import { createHash } from "node:crypto";
import type { TableInventory } from "../../model/table-inventory.ts";
import type { Claim, LineageNode } from "../../store/lineage.ts";
import type { Store } from "../../store/transaction.ts";
import { type Clock, utc } from "../../util/clock.ts";
import { identityOf, inventoryClaims } from "../identity.ts";
import { nodeIds } from "./write-day.ts";

/** What an inventory changed. */
export interface InventoryIngested {
  /** Tables with a place of their own. */
  placed: number;
  /** Claims that wait for a person: several names for one place. */
  proposed: number;
  /** Groups of names that grew too much at once to be believed. */
  waiting: string[];
  changed: boolean;
}

/** Writes claims; one whose place belongs to another table now is no longer believed. */
async function writeClaims(store: Store, clock: Clock, inventory: TableInventory, home: string) {
  const at = utc(clock.now());
  const named = inventoryClaims(inventory, home);
  const idOf = await nodeIds(
    store.lineage,
    named.flatMap(({ table, location }) => [table, location]),
  );
  const claims = named.map(
    ({ table, location, ...claim }): Omit<Claim, "actor"> => ({ ...claim, a: idOf(table), b: idOf(location), at }),
  );
  const now = new Set(claims.map(({ id }) => id));
  const places = new Set(claims.map(({ b }) => b));
  const known = await store.lineage.claims();
  const superseded = known
    .filter(
      ({ id, source, b, status }) =>
        source === `inventory/${home}` && status !== "rejected" && !now.has(id) && places.has(b),
    )
    .map(({ actor: _actor, ...claim }) => ({ ...claim, status: "rejected" as const, at }));
  const before = new Map(known.map((claim) => [claim.id, claim.status]));
  const fresh = claims.filter(({ id, status }) => before.get(id) !== status);
  await store.lineage.putClaims([...superseded, ...fresh]);
  return claims;
}

/** Writes which node stands for which, where that is another than before. @returns what was held back */
export async function settleIdentity(store: Store): Promise<{ waiting: string[]; changed: boolean }> {
  const claims = await store.lineage.claims({ status: "active" });
  const { canon: former } = await store.lineage.canon();
  const ids = [...new Set(claims.flatMap(({ a, b }) => [a, b]))];
  const nodes = new Map<number, LineageNode>();
  for (const node of await store.lineage.nodes(ids)) nodes.set(node.id, node);
  const { canon, waiting } = identityOf(claims, nodes, former);
  const same = canon.length === former.size && canon.every(({ node, canon: stands }) => former.get(node) === stands);
  if (!same) await store.lineage.writeCanon(canon);
  return {
    waiting: waiting.map(({ nodes: of, why }) => `${of.map((id) => nodes.get(id)?.name ?? id).join(", ")}: ${why}`),
    changed: !same,
  };
}

/**
 * Brings an inventory into the store; one that was brought before is passed over.
 * @param home id of the workspace whose inventory it is
 */
export async function ingestInventory(
  store: Store,
  clock: Clock,
  inventory: TableInventory,
  home: string,
): Promise<InventoryIngested> {
  const digest = createHash("sha256")
    .update(JSON.stringify([home, inventory]))
    .digest("hex")
    .slice(0, 32);
  const cursor = `lineage/inventory/${home}`;
  const before = await store.cursors.find(cursor);
  if (before?.value === digest) return { placed: 0, proposed: 0, waiting: [], changed: false };
  const claims = await writeClaims(store, clock, inventory, home);
  const { waiting } = await settleIdentity(store);
  await store.cursors.move(cursor, digest);
  const proposed = claims.filter(({ status }) => status === "proposed").length;
  return { placed: claims.length - proposed, proposed, waiting, changed: true };
}
