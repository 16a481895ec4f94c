/** What is known of the tables of a metastore and the mounts of a workspace: names and where their files lie. */

/** A table as an inventory names it. */
export interface InventoryTable {
  /** `schema.table`, with a leading `catalog.` only where it is not the metastore's own; lower case. */
  name: string;
  /** As written in the inventory, or null where it says none (a view, a managed table without a place). */
  location: string | null;
  /** `MANAGED`, `EXTERNAL`, `VIEW`, …, upper case, where known. */
  type: string | null;
  /** Locations of partitions, as written; they may lie outside the table's own folder. */
  partitions: string[];
  /** Size of the files, where the inventory says it. */
  bytes?: number;
}

/** A mount point of a workspace. */
export interface Mount {
  /** `/mnt/raw`. */
  name: string;
  /** What is mounted there: `abfss://container@account.dfs.core.windows.net/folder`. */
  source: string;
}

/** Everything that inventory files told. */
export interface TableInventory {
  tables: InventoryTable[];
  mounts: Mount[];
}
