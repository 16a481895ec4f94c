/** The attribution as a function of the library: no engine, no files. */
import type { AccessAggregate } from "../../engines/engine.ts";
import type { ClusterUses } from "../../model/cluster-use.ts";
import type { TableInventory } from "../../model/table-inventory.ts";
import { type Attributed, openAttributor } from "./attribute.ts";

/**
 * Says which job reads and writes which table, from requests to storage.
 *
 * @param requests groups of like requests, or single ones (`requests: 1`, `first` = `last`), in any order; those of a
 * cluster that several task runs shared at different times must not be grouped over more than a second
 * @param facts which task run used which cluster when, and where the tables lie
 * @returns edges, what could not be attributed and why, and the coverage; the same for the same requests in any order
 */
export function attributeAccess(
  requests: Iterable<AccessAggregate>,
  facts: { uses: ClusterUses; inventory: TableInventory },
): Attributed {
  const attributor = openAttributor(facts.inventory, facts.uses);
  for (const request of requests) attributor.add(request);
  return attributor.finish(0);
}
