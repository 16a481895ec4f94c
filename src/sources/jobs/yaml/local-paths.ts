/** Paths of a bundle's own files, as jobs name them, → where the bundle's deployment puts those files. */
import { posix } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import {
  memberOf,
  memberText,
  type Placed,
  type PlacedMap,
  placeOfSpot,
  type Spot,
} from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";
import { type BundleFolders, localLibraries } from "./local-libraries.ts";

/** Where tasks name files, and whether the ending goes (notebooks have none in the workspace). */
const FILE_FIELDS = [
  { kind: "notebook_task", path: ["notebook_path"], notebook: true },
  { kind: "spark_python_task", path: ["python_file"], notebook: false },
  { kind: "sql_task", path: ["file", "path"], notebook: false },
  { kind: "dbt_task", path: ["project_directory"], notebook: false },
] as const;

const isLocal = (path: string) => path !== "" && !/^(?:[/~]|[a-z][a-z0-9+.-]*:|\$\{|\{\{)/i.test(path);

/** The tree with a value deep in it replaced. */
function replaceAt(node: Placed, path: readonly string[], text: string): Placed {
  const [key, ...rest] = path;
  if (key === undefined) return { kind: "scalar", value: text, text, source: node.source, offset: node.offset };
  const member = node.kind === "map" ? node.members.get(key) : undefined;
  if (node.kind !== "map" || !member) return node;
  const members = new Map(node.members).set(key, { ...member, value: replaceAt(member.value, rest, text) });
  return { ...node, members };
}

/** Path below the bundle's root of a local path in a file. */
function belowRoot(root: string, file: string, path: string): string {
  return posix.relative(root === "" ? "." : root, posix.join(posix.dirname(file), path));
}

function translateTask(task: PlacedMap, root: string, filePath: string, changed: string[]): PlacedMap {
  let translated: Placed = task;
  for (const field of FILE_FIELDS) {
    const holder = field.path.slice(0, -1).reduce<Placed | undefined>(memberOf, memberOf(task, field.kind));
    const last = field.path[field.path.length - 1] as string;
    const path = memberText(holder, last);
    const spot = memberOf(holder, last);
    if (path === undefined || !spot || !isLocal(path) || memberText(holder, "source") === "GIT") continue;
    const below = belowRoot(root, placeOfSpot(spot).file, path);
    const bare = field.notebook ? below.replace(/\.(?:py|sql|scala|r|R|ipynb)$/, "") : below;
    changed.push(path);
    translated = replaceAt(translated, [field.kind, ...field.path], bare === "" ? filePath : `${filePath}/${bare}`);
  }
  const inner = memberOf(memberOf(translated, "for_each_task"), "task");
  if (inner?.kind === "map") {
    const held = translateTask(inner, root, filePath, changed);
    const loop = (translated as PlacedMap).members.get("for_each_task");
    if (held !== inner && loop?.value.kind === "map") {
      const members = new Map(loop.value.members).set("task", {
        ...(loop.value.members.get("task") as Spot),
        value: held,
      });
      translated = {
        ...(translated as PlacedMap),
        members: new Map((translated as PlacedMap).members).set("for_each_task", {
          ...loop,
          value: { ...loop.value, members },
        }),
      };
    }
  }
  return translated as PlacedMap;
}

/**
 * A job of a bundle with its local paths (`../src/load.py`) as paths in the workspace, below `${workspace.file_path}`.
 * Headgate does not upload the files: a warning says so, once a job.
 */
export function localPaths(
  node: Placed,
  entry: { resource: string; key: Spot },
  folders: BundleFolders,
  problems: Problem[],
): Placed {
  return localLibraries(localFiles(node, entry, folders, problems), entry.resource, folders, problems);
}

function localFiles(
  node: Placed,
  entry: { resource: string; key: Spot },
  { root, file_path: filePath }: BundleFolders,
  problems: Problem[],
): Placed {
  const tasks = memberOf(node, "tasks");
  if (node.kind !== "map" || tasks?.kind !== "list" || memberOf(node, "git_source")) return node;
  const changed: string[] = [];
  const base = filePath ?? `\${workspace.file_path}`;
  const items = tasks.items.map((task) => (task.kind === "map" ? translateTask(task, root, base, changed) : task));
  if (changed.length === 0) return node;
  problems.push(
    problemAt(entry.key, `jobs.${entry.resource}`, {
      severity: "warning",
      code: "local_path",
      message: `${changed.length === 1 ? `local path ${changed[0]} is` : `${changed.length} local paths are`} sent as files below ${base}`,
      hint: "headgate uploads no files: see that they are there (databricks bundle sync, a Git folder)",
    }),
  );
  const member = node.members.get("tasks") as Spot;
  return { ...node, members: new Map(node.members).set("tasks", { ...member, value: { ...tasks, items } }) };
}
