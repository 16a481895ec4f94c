/** Checks declared jobs against what is in the workspace: what they refer to must be there. */
import { HeadgateError } from "../errors.ts";
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import type { Problem } from "../model/problem.ts";
import type { InventoryAnswer, InventoryKind, RemoteFolders, WorkspaceInventory } from "../workspace/workspace.ts";
import { declaredPath } from "./compare.ts";
import { eachLeaf } from "./leaves.ts";
import { valueAt } from "./settings-path.ts";

/** One thing that a job refers to. */
export interface Reference {
  job: DeclaredJob;
  path: string;
  kind: InventoryKind | "path";
  value: string;
}

/** Kinds by the member that holds an id. */
const MEMBERS: Readonly<Record<string, InventoryKind>> = {
  warehouse_id: "warehouse",
  existing_cluster_id: "cluster",
  policy_id: "policy",
  instance_pool_id: "pool",
  driver_instance_pool_id: "pool",
  pipeline_id: "pipeline",
  query_id: "query",
  service_principal_name: "servicePrincipal",
};

/** Members that hold a path, where the files lie in the workspace and not in a Git repository. */
const PATHS =
  /(?:^|\.)(?:notebook_task\.notebook_path|spark_python_task\.python_file|sql_task\.file\.path|dbt_task\.project_directory)$/;

const WORDS: Record<InventoryKind, string> = {
  warehouse: "SQL warehouse",
  cluster: "cluster",
  policy: "cluster policy",
  pool: "instance pool",
  pipeline: "pipeline",
  query: "saved query",
  servicePrincipal: "service principal",
};

/** A value that is only known when it is sent, or when the job runs. */
const isOpen = (value: string) => value.includes("${") || value.includes("{{");

/** What a job refers to by id or path. Permissions and values that are not known yet are left out. */
export function referencesOf(job: DeclaredJob): Reference[] {
  const found: Reference[] = [];
  eachLeaf(job.settings, (path, pattern, value) => {
    if (typeof value !== "string" || value === "" || isOpen(value)) return;
    const kind = MEMBERS[pattern.slice(pattern.lastIndexOf(".") + 1)];
    if (kind !== undefined) found.push({ job, path, kind, value });
    else if (PATHS.test(pattern) && inWorkspace(job.settings, path, value))
      found.push({ job, path, kind: "path", value });
  });
  return found;
}

/** Whether a path is one in the workspace or a volume: absolute, and not taken from a Git repository. */
function inWorkspace(settings: JobSettings, path: string, value: string): boolean {
  if (!value.startsWith("/")) return false;
  const source = valueAt(settings, `${path.slice(0, path.lastIndexOf("."))}.source`);
  return source === undefined ? settings.git_source === undefined : source !== "GIT";
}

/** Where references are looked up. */
export interface Lookup {
  inventory: WorkspaceInventory;
  folders: RemoteFolders;
}

/**
 * Problems of references to what is not there, one list call a kind and folder. What we may not list is a warning: it
 * may be there.
 * @throws HeadgateError `unavailable`, `unauthorized`
 */
export async function checkWorkspace(jobs: readonly DeclaredJob[], { inventory, folders }: Lookup): Promise<Problem[]> {
  const references = jobs.flatMap(referencesOf);
  const kinds = [...new Set(references.flatMap(({ kind }) => (kind === "path" ? [] : [kind])))];
  const parents = [...new Set(references.flatMap(({ kind, value }) => (kind === "path" ? [parentOf(value)] : [])))];
  const [ids, entries] = await Promise.all([
    together(kinds, (kind) => inventory.ids(kind)),
    together(parents, (folder) => namesIn(folders, folder)),
  ]);
  return references.flatMap(({ job, path, kind, value }): Problem[] => {
    const answer = kind === "path" ? entries.get(parentOf(value)) : ids.get(kind);
    const key = kind === "path" ? canonical(value) : value;
    if (answer === undefined || (answer.kind === "listed" && answer.ids.has(key))) return [];
    const what = kind === "path" ? "notebook or file" : WORDS[kind];
    const at = declaredPath(path, job.settings);
    const base = { place: job.placeOf(at), path: `jobs.${job.resource}.${at}`, resource: job.resource };
    if (answer.kind === "unknown") {
      const message = `whether there is a ${what} '${value}' is not known: ${answer.why}`;
      return [{ ...base, severity: "warning", code: "not_visible", message }];
    }
    const message = `there is no ${what} '${value}' in the workspace that we may see`;
    return [{ ...base, severity: "error", code: "not_in_workspace", message }];
  });
}

async function together<K, V>(keys: readonly K[], ask: (key: K) => Promise<V>): Promise<Map<K, V>> {
  return new Map(await Promise.all(keys.map(async (key): Promise<[K, V]> => [key, await ask(key)])));
}

/** Workspace paths are known with and without `/Workspace` in front. */
const canonical = (path: string) => path.replace(/^\/Workspace(?=\/)/, "").replace(/\/+$/, "");

/** The folder to list for a path, as the service wants it. */
function parentOf(path: string): string {
  const plain = canonical(path);
  const folder = plain.slice(0, plain.lastIndexOf("/")) || "/";
  return folder.startsWith("/Volumes/") ? folder : `/Workspace${folder === "/" ? "" : folder}`;
}

async function namesIn(folders: RemoteFolders, folder: string): Promise<InventoryAnswer> {
  try {
    const entries = (await folders.entries(folder)) ?? [];
    return { kind: "listed", ids: new Set(entries.map((entry) => canonical(entry.path))) };
  } catch (error) {
    if (!(error instanceof HeadgateError) || error.code !== "forbidden") throw error;
    return { kind: "unknown", why: [error.message, error.hint].filter(Boolean).join(". ") };
  }
}
