/** Judges every import under a folder by the import table and says which are not allowed. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import { type Import, importsOf } from "./imports.ts";
import { type ImportTable, type Row, readTable, rowFor } from "./table.ts";

/** One edge (or file) that the table does not allow. */
export interface Violation {
  /** `file:line`, relative to the root. */
  place: string;
  target: string;
  why: string;
}

const TREES = ["src", "fakes", "simulator", "web"];
const CORE_ROOMS = ["src/jobs/", "src/runs/", "src/lineage/"];
/** Folders whose children are connectors or drivers: siblings that must not know each other. */
const CONNECTORS = [
  /^(src\/sources\/[^/]+\/[^/]+\/)/,
  /^(src\/(?:sinks|channels|engines)\/[^/]+\/)/,
  /^(src\/store\/(?:sqlite|postgres)\/)/,
];
/** Built-in modules of the one room that is to run anywhere. */
const MODEL_BUILTINS = ["node:crypto"];
/** Rooms behind the doors: a test may go inside, because it needs an implementation to test with. */
const BEHIND_DOORS = ["src/clients/", "src/sources/", "src/store/", "src/workspace/", "fakes/", "simulator/", "test/"];
const TEST_PACKAGES = ["vitest", "esbuild"];

const isTest = (file: string): boolean => /\.(test|contract)\.tsx?$/.test(file);
const within = (file: string, place: string): boolean =>
  place.endsWith("/") ? file.startsWith(place) : file === place;
const connectorOf = (file: string): string | undefined =>
  CONNECTORS.map((pattern) => pattern.exec(file)?.[1]).find((folder) => folder !== undefined);

const matches = (file: string, pattern: string): boolean => {
  const [head = "", tail] = pattern.split("*");
  if (tail === undefined) return file === pattern;
  return file.startsWith(head) && file.endsWith(tail) && !file.slice(head.length, -tail.length).includes("/");
};

/** Why an import of another file is wrong, or undefined where it is allowed. */
const judgeFile = (table: ImportTable, row: Row, from: string, to: string, edge: Import): string | undefined => {
  const room = CORE_ROOMS.find((folder) => within(from, folder));
  if (room && CORE_ROOMS.some((folder) => folder !== room && within(to, folder)))
    return "core rooms do not import one another";
  const mine = connectorOf(from);
  const theirs = connectorOf(to);
  if (mine && theirs && mine !== theirs && !isTest(from) && path.dirname(mine) === path.dirname(theirs)) {
    return "a connector does not import another one";
  }
  if (row.path.endsWith("/") && within(to, row.path)) return undefined;
  if (row.allowed.some((place) => within(to, place))) return undefined;
  if (edge.typeOnly && row.allowedTypes.some((place) => within(to, place))) return undefined;
  if (row.doors && table.doors.some((door) => matches(to, door))) return undefined;
  if (isTest(from) && to === from.replace(/\.(test|contract)(\.tsx?)$/, "$2")) return undefined;
  if (isTest(from) && BEHIND_DOORS.some((place) => within(to, place))) return undefined;
  if (row.allowedTypes.some((place) => within(to, place))) return `\`${row.path}\` may import only types of this`;
  return `\`${row.path}\` may not import this`;
};

/** Why an import of a package or built-in module is wrong, or undefined where it is allowed. */
const judgePackage = (row: Row, from: string, specifier: string): string | undefined => {
  if (isTest(from) && (TEST_PACKAGES.includes(specifier) || specifier.startsWith("node:"))) return undefined;
  if (specifier.startsWith("node:")) {
    if (row.path === "web/") return "a page has no Node";
    if (row.path !== "src/model/" || MODEL_BUILTINS.includes(specifier)) return undefined;
    return `the model may import ${MODEL_BUILTINS.join(", ")} of Node only`;
  }
  if (builtinModules.includes(specifier)) return `write node:${specifier}`;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  return row.packages.includes(name) ? undefined : `package not in the row of \`${row.path}\``;
};

const filesUnder = (root: string): string[] =>
  TREES.flatMap((tree) => {
    const entries = (() => {
      try {
        return readdirSync(path.join(root, tree), { recursive: true, withFileTypes: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
      }
    })();
    return entries
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("node_modules"))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  }).sort();

/**
 * All violations under `root`, which holds ARCHITECTURE.md and the source folders; empty when the table is obeyed.
 *
 * @throws Error where the table or a file cannot be parsed
 */
export function checkLayers(root: string): Violation[] {
  const table = readTable(readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8"));
  return filesUnder(root).flatMap((file) => {
    const row = rowFor(table, file);
    if (!row) return [{ place: `${file}:1`, target: "", why: "file in no row of the import table" }];
    return importsOf(file, readFileSync(path.join(root, file), "utf8")).flatMap((edge) => {
      const { specifier, line } = edge;
      const place = `${file}:${line}`;
      if (specifier === undefined) return [{ place, target: "", why: "computed import: write the path out" }];
      const target = specifier.startsWith(".")
        ? path.join(path.dirname(file), specifier.replace(/\?.*$/, ""))
        : specifier;
      const why = specifier.startsWith(".")
        ? judgeFile(table, row, file, target, edge)
        : judgePackage(row, file, specifier);
      return why === undefined ? [] : [{ place, target, why }];
    });
  });
}
