/** The door WorkspaceInventory over the list calls of the workspace. */

import type { InventoryApi, LookupKind } from "../clients/databricks/inventory.ts";
import { HttpFailure } from "../clients/http/failure.ts";
import { HeadgateError } from "../errors.ts";
import type { WorkspaceInventory } from "./workspace.ts";

/** Opens the inventory with the first question. A kind is listed once. */
export function lazyInventory(open: () => Promise<{ inventory: InventoryApi }>): WorkspaceInventory {
  return {
    async ids(kind) {
      const { inventory } = await open();
      try {
        const ids = new Set<string>();
        for await (const id of inventory.ids(kind)) ids.add(id);
        return { kind: "listed", ids };
      } catch (error) {
        // Not allowed, or a workspace that has no such thing to list: what is there is not known.
        if (!(error instanceof HttpFailure)) throw error;
        if (error.code !== "forbidden" && error.facts.status !== 404) throw error;
        return { kind: "unknown", why: [error.message, error.hint].filter(Boolean).join(". ") };
      }
    },
  };
}

/** Finds ids by name; undefined where the workspace does not say: what needs the id says that it is missing. */
export function lazyLookUp(open: () => Promise<{ inventory: Pick<InventoryApi, "named"> }>) {
  return async (kind: LookupKind, name: string): Promise<string[] | undefined> => {
    try {
      return await (await open()).inventory.named(kind, name);
    } catch (error) {
      if (error instanceof HeadgateError) return undefined;
      throw error;
    }
  };
}
