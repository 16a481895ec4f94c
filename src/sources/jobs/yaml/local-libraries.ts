/** Libraries that a bundle keeps in its own folder, as jobs name them, → where the bundle's deployment puts those files. */
import { posix } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { mapPlaced, type Placed, type PlacedScalar, placedAt, placeOfSpot } from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";

const LIBRARY = /\.libraries\[\d+\]\.(?:whl|jar|requirements)$/;
/** What pip is to install besides: `etl.whl[train]`. */
const EXTRAS = /^(.*\.whl)(\[[^\]]*\])$/i;
const DEPENDENCY = /^environments\[\d+\]\.spec\.(?:java_)?dependencies\[\d+\]$/;

/** A file of this machine: no absolute path, no URL, no reference that is still open. */
export const isLocalFile = (path: string): boolean =>
  path !== "" && !/^(?:[/~]|[a-z][a-z0-9+.-]*:|\$\{|\{\{)/i.test(path);
/** A dependency of an environment is a file where it begins with a dot or ends like one; else it is a package's name. */
const isLocalDependency = (text: string) =>
  isLocalFile(text) && !/\s@\s/.test(text) && (/^\.\.?\//.test(text) || /\.(?:whl|jar)(?:\[[^\]]*\])?$/.test(text));

/** Folders of the bundle in the workspace, and here. */
export interface BundleFolders {
  /** Folder of the project, absolute. */
  dir: string;
  /** Folder that is uploaded, absolute. */
  root: string;
  file_path?: string | undefined;
  artifact_path?: string | undefined;
}

/** Path below the folder that is uploaded, of a path in a file of the project. */
export function belowRoot({ dir, root }: Pick<BundleFolders, "dir" | "root">, file: string, path: string): string {
  return posix.relative(root, posix.resolve(dir, posix.dirname(file), path));
}

/** Path in the workspace below `file_path`, or in the folder of built libraries (databricks/cli `bundle/libraries`). */
function remotePath(path: string, scalar: PlacedScalar, folders: BundleFolders): string {
  if (/\.(?:whl|jar)$/.test(path)) {
    return `${folders.artifact_path ?? `\${workspace.artifact_path}`}/.internal/${posix.basename(path)}`;
  }
  const below = belowRoot(folders, placeOfSpot(scalar).file, path);
  return `${folders.file_path ?? `\${workspace.file_path}`}/${below}`;
}

/**
 * A job of a bundle with its local libraries (`../dist/etl.whl`, `-r requirements.txt`) as the deployed ones. A pattern
 * stays one: only who builds the library knows its name. A warning says so, each once.
 */
export function localLibraries(node: Placed, resource: string, folders: BundleFolders, problems: Problem[]): Placed {
  const told = new Set<string>();
  const tell = (scalar: PlacedScalar, path: string, message: string, hint: string) => {
    if (told.has(message)) return;
    told.add(message);
    problems.push(
      problemAt(scalar, `jobs.${resource}.${path}`, { severity: "warning", code: "local_path", message, hint }),
    );
  };
  return mapPlaced(node, "", (scalar, where) => {
    if (typeof scalar.value !== "string" || /^[/a-z]+:/.test(scalar.value)) return scalar;
    const path = where();
    const isDependency = DEPENDENCY.test(path);
    if (!isDependency && !LIBRARY.test(path)) return scalar;
    const [, option = "", file = ""] = (isDependency && /^(-r\s+)["']?(.*?)["']?$/.exec(scalar.value)) || [
      "",
      "",
      scalar.value,
    ];
    if (option || !isDependency ? !isLocalFile(file) : !isLocalDependency(file)) return scalar;
    const [, bare = file, extras = ""] = EXTRAS.exec(file) ?? [];
    const remote = remotePath(bare, scalar, folders) + extras;
    if (/[*?[]/.test(bare)) {
      const hint = "name the built file, or one in a volume: headgate neither builds nor uploads it";
      tell(scalar, path, `pattern ${file} is sent as ${remote}, and the workspace knows no patterns`, hint);
    } else {
      const hint = "headgate uploads no files: see that it is there (databricks bundle deploy, a volume)";
      tell(scalar, path, `local library ${file} is sent as ${remote}`, hint);
    }
    return placedAt(option + remote, scalar);
  });
}
