/** Finds the tables a path belongs to: all at the longest location of a table or partition that leads to it. */
import type { TableInventory } from "../../model/table-inventory.ts";
import { type FileKind, fileKind, isPlaceholder, strayKind } from "./file-kind.ts";
import { locationResolver } from "./mounts.ts";
import { datasetOf, decoded, type StoragePath } from "./storage-path.ts";

/** One place in storage and the tables that name it. Two names on one place are one node. */
export interface PlacedTable {
  /** Sorted; the first stands for the node. */
  names: string[];
  root: StoragePath;
}

/** What is at the longest location that leads to a path. */
export interface Found {
  /** Empty: no table. More than one: a location of several tables. */
  tables: readonly PlacedTable[];
  kind: FileKind;
}

interface TrieNode {
  children: Map<string, TrieNode>;
  tables: PlacedTable[];
}

/** All locations of an inventory, ready to be asked. */
export interface Locations {
  find(path: StoragePath): Found;
  tables: readonly PlacedTable[];
  /** Tables that lie where no access log shows them. */
  blind: readonly { table: string; reason: string }[];
  /** Locations with more than one table. */
  shared: readonly { path: StoragePath; tables: readonly PlacedTable[] }[];
}

const keyOf = (path: StoragePath): string[] => [path.account, path.container, ...path.segments];

/** Orders text by code units: the same everywhere, unlike the locale's order. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Builds the index. Views have no files and are left out. */
export function indexLocations(inventory: TableInventory): Locations {
  const resolve = locationResolver(inventory.mounts);
  const root: TrieNode = { children: new Map(), tables: [] };
  const nodeAt = (path: StoragePath): TrieNode => {
    let node = root;
    for (const segment of keyOf(path)) {
      let next = node.children.get(segment);
      if (next === undefined) {
        next = { children: new Map(), tables: [] };
        node.children.set(segment, next);
      }
      node = next;
    }
    return node;
  };
  const placed = new Map<TrieNode, PlacedTable>();
  const partitions: { path: StoragePath; table: PlacedTable }[] = [];
  const blind: { table: string; reason: string }[] = [];
  for (const table of [...inventory.tables].sort((a, b) => byText(a.name, b.name))) {
    if (table.type === "VIEW") continue;
    const resolved = resolve(table.location);
    if ("blind" in resolved) {
      blind.push({ table: table.name, reason: resolved.blind });
      continue;
    }
    const node = nodeAt(resolved.path);
    const known = placed.get(node) ?? { names: [], root: resolved.path };
    if (!known.names.includes(table.name)) known.names.push(table.name);
    placed.set(node, known);
    for (const partition of table.partitions) {
      const place = resolve(partition);
      if ("path" in place) partitions.push({ path: place.path, table: known });
    }
  }
  const places = new Map<TrieNode, StoragePath>();
  const put = (path: StoragePath, table: PlacedTable): void => {
    const node = nodeAt(path);
    if (!node.tables.includes(table)) node.tables.push(table);
    places.set(node, path);
  };
  for (const table of placed.values()) put(table.root, table);
  for (const { path, table } of partitions) put(path, table);
  // some inventories write locations percent-encoded; where another table lies there, it is meant and not this one
  for (const table of placed.values()) {
    const plain = decoded(table.root);
    if (plain !== undefined && nodeAt(plain).tables.length === 0) put(plain, table);
  }
  return {
    tables: [...placed.values()],
    blind,
    shared: [...places]
      .filter(([node]) => node.tables.length > 1)
      .map(([node, path]) => ({ path, tables: node.tables })),
    find(path) {
      if (isPlaceholder(path.segments)) return { tables: [], kind: "marker" };
      let node: TrieNode | undefined = root;
      let best: { tables: PlacedTable[]; depth: number } = { tables: [], depth: 2 };
      const key = keyOf(path);
      for (let depth = 1; depth <= key.length; depth++) {
        node = node.children.get(key[depth - 1] as string);
        if (node === undefined) break;
        if (node.tables.length > 0) best = { tables: node.tables, depth };
      }
      const kindOf = best.tables.length === 0 ? strayKind : fileKind;
      return { tables: best.tables, kind: path.listed ? "directory" : kindOf(key.slice(best.depth)) };
    },
  };
}

/** Key of a placed table for maps. */
export const placeKey = (path: StoragePath): string => {
  const { namespace, name } = datasetOf(path);
  return `${namespace}/${name}`;
};
