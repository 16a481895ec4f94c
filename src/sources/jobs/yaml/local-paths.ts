/** Paths of a bundle's own files, as jobs name them, → where the bundle's deployment puts those files. */
import type { Problem } from "../../../model/problem.ts";
import {
  mapPlaced,
  memberOf,
  type Placed,
  type PlacedScalar,
  placedAt,
  placeOfSpot,
  type Spot,
} from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";
import { type BundleFolders, belowRoot, isLocalFile, localLibraries } from "./local-libraries.ts";

/** Where jobs name files and folders (databricks/cli `paths/job_paths_visitor`). */
const FILES = new RegExp(
  [
    String.raw`^tasks\[\d+\](?:\.for_each_task\.task)?\.(?:${[
      String.raw`notebook_task\.notebook_path`,
      String.raw`spark_python_task\.python_file`,
      String.raw`dbt_task\.project_directory`,
      String.raw`sql_task\.file\.path`,
      String.raw`alert_task\.workspace_path`,
      String.raw`ai_runtime_task\.deployments\[\d+\]\.command_path`,
    ].join("|")})$`,
    String.raw`^environment_variables\[\d+\]\.spec\.files\[\d+\]$`,
  ].join("|"),
);

/** Notebooks have no ending in the workspace; those of the designer keep it. */
const bare = (path: string) =>
  /\.designer\.ipynb$/.test(path) ? path : path.replace(/\.(?:py|sql|scala|r|R|ipynb)$/, "");

/**
 * A job of a bundle with its local paths (`../src/load.py`) as paths in the workspace, below `${workspace.file_path}`.
 * Headgate does not upload the files: a warning says so, once a job. A job from a repository names files of that.
 */
export function localPaths(
  node: Placed,
  entry: { resource: string; key: Spot },
  folders: BundleFolders,
  problems: Problem[],
): Placed {
  if (memberOf(node, "git_source")) return node;
  return localLibraries(localFiles(node, entry, folders, problems), entry.resource, folders, problems);
}

function localFiles(
  node: Placed,
  entry: { resource: string; key: Spot },
  folders: BundleFolders,
  problems: Problem[],
): Placed {
  const base = folders.file_path ?? `\${workspace.file_path}`;
  const changed: string[] = [];
  const translated = mapPlaced(node, "", (scalar, where) => {
    if (typeof scalar.value !== "string" || !isLocalFile(scalar.value)) return scalar;
    const path = where();
    if (!FILES.test(path)) return scalar;
    const below = belowRoot(folders, placeOfSpot(scalar).file, scalar.value);
    if (below.startsWith("..")) return outside(scalar, entry.resource, path, problems);
    changed.push(scalar.value);
    const name = path.endsWith(".notebook_path") ? bare(below) : below;
    return placedAt(name === "" ? base : `${base}/${name}`, scalar);
  });
  if (changed.length > 0) {
    problems.push(
      problemAt(entry.key, `jobs.${entry.resource}`, {
        severity: "warning",
        code: "local_path",
        message: `${changed.length === 1 ? `local path ${changed[0]} is` : `${changed.length} local paths are`} sent as files below ${base}`,
        hint: "headgate uploads no files: see that they are there (databricks bundle sync, a Git folder)",
      }),
    );
  }
  return translated;
}

/** Only what lies in the folder that is uploaded has a place in the workspace. */
function outside(scalar: PlacedScalar, resource: string, path: string, problems: Problem[]): Placed {
  problems.push(
    problemAt(scalar, `jobs.${resource}.${path}`, {
      code: "outside_bundle",
      message: `${scalar.text} lies outside the bundle's folder, which is all that is uploaded`,
      hint: "name its folder too: sync: { paths: [., ../common] }",
      resource,
    }),
  );
  return scalar;
}
