/**
 * The one place that names nodes of the graph, so that a job or table is the same node whoever saw it: access logs,
 * Unity Catalog, declared jobs, inventories.
 *
 * | node | namespace | name |
 * |---|---|---|
 * | job | `databricks://WORKSPACE-ID` | job id; `submit:NAME` and the like where there is no lasting one |
 * | task | `databricks://WORKSPACE-ID` | `JOB-ID/TASK-KEY` |
 * | table by name | `databricks://WORKSPACE-ID` | `catalog.schema.table`, lower case |
 * | dataset by its files | `abfss://container@account.dfs.core.windows.net`, `s3://bucket`, … | path without slashes at its ends |
 * | principal | `databricks://WORKSPACE-ID` | user name or application id |
 * | job, dataset of an OpenLineage event | as the event has it; stores of files and Unity Catalog as above | as the event has it |
 *
 * A table by name and its files are two nodes, joined by a claim (`identity.ts`). Names for people are titles of nodes.
 */
import type { SeenNode } from "../sources/evidence-source.ts";
import type { NodeKey } from "../store/lineage.ts";
import { datasetOf, parseLocation } from "./attribute/storage-path.ts";

const namespaceOf = (workspaceId: string): string => `databricks://${workspaceId}`;

/** The workspace id that an Azure address carries (`adb-<id>.<n>.azuredatabricks.net`); undefined for other clouds. */
export function workspaceIdOfHost(host: string): string | undefined {
  return /(?:^|\/)adb-(\d+)\.\d+\.azuredatabricks\.(?:net|us|cn)/i.exec(host)?.[1];
}

export function jobNode(workspaceId: string, jobId: string): NodeKey {
  return { kind: "job", namespace: namespaceOf(workspaceId), name: jobId };
}

export function taskNode(workspaceId: string, jobId: string, taskKey: string): NodeKey {
  return { kind: "task", namespace: namespaceOf(workspaceId), name: `${jobId}/${taskKey}` };
}

/**
 * A table by its name as the workspace knows it. Names do not reach beyond a workspace: two of them may have different
 * metastores, and `hive_metastore` is each one's own; that two are one table is a claim (they share their files).
 */
export function tableNode(workspaceId: string, name: string): NodeKey {
  const lower = name.toLowerCase().replaceAll("`", "");
  const full = lower.split(".").length === 2 ? `hive_metastore.${lower}` : lower;
  return { kind: "dataset", namespace: namespaceOf(workspaceId), name: full };
}

/**
 * A dataset by where its files lie, named as OpenLineage does (its naming specification): scheme and authority are the
 * namespace, the path is the name. Azure's many spellings (`wasbs:`, `https:`, the `blob` host) are one. A path of the
 * workspace's own file system (`dbfs:/…`, `/Volumes/…`) belongs to the workspace.
 */
export function locationNode(workspaceId: string, uri: string): NodeKey {
  const azure = parseLocation(uri);
  if (azure !== undefined) return { kind: "dataset", ...datasetOf(azure) };
  const trimmed = (path: string): string => path.split("/").filter(Boolean).join("/") || "/";
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/]+)(.*)$/i.exec(uri.trim());
  if (parts !== null) {
    const [, scheme = "", authority = "", path = ""] = parts;
    // s3a and s3n are Hadoop's names for the same store
    const lower = scheme.toLowerCase().replace(/^s3[an]$/, "s3");
    return { kind: "dataset", namespace: `${lower}://${authority}`, name: trimmed(path) };
  }
  const path = uri
    .trim()
    .replace(/^dbfs:\/*/i, "/")
    .replace(/^\/dbfs\//, "/");
  return { kind: "dataset", namespace: namespaceOf(workspaceId), name: `dbfs:/${trimmed(path)}` };
}

export function principalNode(workspaceId: string, name: string): NodeKey {
  return { kind: "principal", namespace: namespaceOf(workspaceId), name };
}

/** The node that a source means. @param home id of the workspace whose sources are read */
export function nodeOf(seen: SeenNode, home: string): NodeKey {
  switch (seen.kind) {
    case "job":
      return jobNode(seen.workspaceId ?? home, seen.jobId);
    case "task":
      return taskNode(seen.workspaceId ?? home, seen.jobId, seen.taskKey);
    case "table":
      return tableNode(home, seen.name);
    case "location":
      return locationNode(home, seen.uri);
    case "principal":
      return principalNode(home, seen.name);
  }
}

/** The job of an OpenLineage event: its producer's own name for it. That it is a job of Databricks too is a claim. */
export function eventJob(namespace: string, name: string): NodeKey {
  return { kind: "job", namespace, name };
}

/** Namespaces of OpenLineage whose names are paths; producers write them with and without a slash before the path. */
const STORES = /^(?:abfss?|wasbs?|s3[an]?|gs|hdfs|adl|dbfs):\/\/./i;

function eventDatasetAnew(namespace: string, name: string): NodeKey {
  if (STORES.test(namespace)) return locationNode("", `${namespace}/${name}`);
  const catalog = /^unitycatalog:\/\/([^/]+)/i.exec(namespace)?.[1];
  const workspaceId = catalog === undefined ? undefined : workspaceIdOfHost(catalog.replace(/:\d+$/, ""));
  if (workspaceId !== undefined) return tableNode(workspaceId, name);
  return { kind: "dataset", namespace, name };
}

/** Datasets that events named: an event names the same few with each of its columns. Kept up to so many. */
const datasets = new Map<string, NodeKey>();
const MOST_DATASETS = 20_000;

/**
 * A dataset of an OpenLineage event. Names stay as its producer has them, but for what is one thing by specification:
 * paths of file stores (whatever the spelling of scheme and slashes), and tables of Unity Catalog.
 * @returns mostly the same object for the same names; not to be changed
 */
export function eventDataset(namespace: string, name: string): NodeKey {
  const key = `${namespace}\n${name}`;
  const known = datasets.get(key);
  if (known !== undefined) return known;
  if (datasets.size >= MOST_DATASETS) datasets.clear();
  const node = eventDatasetAnew(namespace, name);
  datasets.set(key, node);
  return node;
}
