/** Runs an attribution over an engine: the one effectful file of this folder. */
import type { Engine, LogScan } from "../../engines/engine.ts";
import type { ClusterUses } from "../../model/cluster-use.ts";
import type { TableInventory } from "../../model/table-inventory.ts";
import { type Attributed, openAttributor } from "./attribute.ts";

/** Told while logs are read. */
export type OnGroups = (requests: number) => void;

/**
 * Asks the engine for the groups of the logs and attributes them.
 * @param onGroups told the number of requests seen so far, after each batch
 */
export async function attributeLogs(
  engine: Engine,
  scan: Omit<LogScan, "bySecond">,
  facts: { inventory: TableInventory; uses: ClusterUses },
  onGroups: OnGroups = () => undefined,
): Promise<Attributed> {
  const attributor = openAttributor(facts.inventory, facts.uses);
  const groups = engine.aggregate({
    ...scan,
    bySecond: attributor.bySecond,
    // not asked for where nothing could be made of it: every field costs
    nodes: attributor.nodes.length === 0 ? undefined : attributor.nodes,
  });
  let requests = 0;
  for (;;) {
    const next = await groups.next();
    if (next.done) return attributor.finish(next.value.unreadable);
    for (const group of next.value) {
      requests += group.requests;
      attributor.add(group);
    }
    onGroups(requests);
  }
}
