/** The workspace's files and folders, kept in memory. Paths are canonical: absolute, without `/Workspace` in front. */

export interface FileNode {
  kind: "file" | "notebook" | "directory";
  /** Decimal text. */
  id: string;
  path: string;
  content: Buffer;
  /** Of a notebook. */
  language: string | undefined;
  createdAt: number;
  modifiedAt: number;
  creator: string;
}

export interface FileTree {
  find(path: string): FileNode | undefined;
  /** Children of a folder, by name. */
  children(path: string): FileNode[];
  put(node: Omit<FileNode, "id" | "createdAt" | "modifiedAt">): FileNode;
  /** Makes a folder and those above it. */
  makeFolder(path: string, creator: string): void;
  /** Removes a node and all below it. */
  remove(path: string): void;
  /** All nodes, in order of their paths. */
  all(): FileNode[];
}

/** `/Workspace/Shared/x`, `/Shared/x/` and `/Workspace//Shared/x` are one place: `/Shared/x`. */
export function canonicalPath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts[0] === "Workspace") parts.shift();
  return `/${parts.join("/")}`;
}

/** The folder a path lies in; the root lies in itself. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export function makeFileTree(now: () => number, nextId: () => string): FileTree {
  const nodes = new Map<string, FileNode>();
  const below = new Map<string, Set<string>>();

  const tree: FileTree = {
    find: (path) => nodes.get(path),
    children: (path) =>
      [...(below.get(path) ?? [])]
        .sort()
        .map((child) => nodes.get(child))
        .filter((node) => node !== undefined),
    put(node) {
      const old = nodes.get(node.path);
      const whole: FileNode = {
        ...node,
        id: old?.id ?? nextId(),
        createdAt: old?.createdAt ?? now(),
        modifiedAt: now(),
      };
      nodes.set(node.path, whole);
      const parent = parentOf(node.path);
      if (node.path !== "/") below.set(parent, (below.get(parent) ?? new Set()).add(node.path));
      return whole;
    },
    makeFolder(path, creator) {
      if (nodes.has(path)) return;
      if (path !== "/") tree.makeFolder(parentOf(path), creator);
      tree.put({ kind: "directory", path, content: Buffer.alloc(0), language: undefined, creator });
    },
    remove(path) {
      for (const child of below.get(path) ?? []) tree.remove(child);
      below.delete(path);
      below.get(parentOf(path))?.delete(path);
      nodes.delete(path);
    },
    all: () => [...nodes.values()].sort((left, right) => (left.path < right.path ? -1 : 1)),
  };
  return tree;
}
