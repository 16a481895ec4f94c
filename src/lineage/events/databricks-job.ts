/**
 * The Databricks job that a Spark application ran in, as its OpenLineage events tell it: pure. What Spark knows of it
 * comes in several ways, by version and settings of the listener:
 *
 * - run facet `environment-properties` (its builder for Databricks): `orgId`, `spark.databricks.job.id`, …
 * - run facet `spark_properties`, with what `spark.openlineage.capturedProperties` names
 * - run facet `databricks` (OpenLineage issue 4715): `workspaceId`, `jobId`
 * - tags of run and job, by the names of the properties
 * - run facet `parent`, where it was set to the job: namespace `databricks://WORKSPACE` or the workspace's address
 */
import type { NodeKey } from "../../store/lineage.ts";
import { isObject } from "../../util/json.ts";
import { jobNode, workspaceIdOfHost } from "../names.ts";

const ID = /^[1-9]\d{0,18}$/;
/** Databricks names the cluster of a job run so. */
const CLUSTER_NAME = /^job-(\d+)-run-\d+/;
const TAGS = "spark.databricks.clusterUsageTags.";

const inside = (value: unknown, ...keys: string[]): unknown =>
  keys.reduce((current, key) => (isObject(current) ? current[key] : undefined), value);

/** All that facets say by name; the first that names something counts. */
function propertiesOf(event: object): Map<string, string> {
  const properties = new Map<string, string>();
  const take = (name: string, value: unknown): void => {
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    if (text !== "" && !properties.has(name)) properties.set(name, text);
  };
  const facets = inside(event, "run", "facets");
  const sets = [
    inside(facets, "databricks"),
    inside(facets, "environment-properties", "environment-properties"),
    inside(facets, "spark_properties", "properties"),
  ];
  for (const set of sets) if (isObject(set)) for (const [name, value] of Object.entries(set)) take(name, value);
  for (const tags of [inside(facets, "tags", "tags"), inside(event, "job", "facets", "tags", "tags")]) {
    if (!Array.isArray(tags)) continue;
    for (const tag of tags) if (isObject(tag) && typeof tag.key === "string") take(tag.key, tag.value);
  }
  return properties;
}

/** A tag of the cluster, of the list in which Databricks writes them all. */
function clusterTag(properties: ReadonlyMap<string, string>, key: string): string | undefined {
  const list = properties.get(`${TAGS}clusterAllTags`);
  if (list === undefined) return undefined;
  try {
    const tags: unknown = JSON.parse(list);
    const tag = Array.isArray(tags) ? tags.find((one) => isObject(one) && one.key === key) : undefined;
    return isObject(tag) && typeof tag.value === "string" ? tag.value : undefined;
  } catch (error) {
    // the list may be cut or masked: then it tells nothing
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The id of a workspace in an address or namespace. */
const workspaceIn = (text: string | undefined): string | undefined =>
  text === undefined
    ? undefined
    : (/^databricks:\/\/(\d+)$/.exec(text)?.[1] ?? workspaceIdOfHost(text.replace(/^\w+:\/\//, "").replace(/\/$/, "")));

/** The job that the parent facet names, where the parent is a Databricks job and no other scheduler's. */
function parentJob(event: object): NodeKey | undefined {
  const parent = inside(event, "run", "facets", "parent", "job");
  const [namespace, name] = [inside(parent, "namespace"), inside(parent, "name")];
  const workspace = typeof namespace === "string" ? workspaceIn(namespace) : undefined;
  const job = typeof name === "string" ? name.split(/[/.]/, 1)[0] : undefined;
  return workspace !== undefined && job !== undefined && ID.test(job) ? jobNode(workspace, job) : undefined;
}

/**
 * @param event an OpenLineage event, parsed
 * @returns the job's node; undefined where the event names no job or not its workspace
 */
export function databricksJobOf(event: object): NodeKey | undefined {
  const properties = propertiesOf(event);
  const first = (...names: string[]): string | undefined => names.map((name) => properties.get(name)).find(Boolean);
  const job =
    first("spark.databricks.job.id", "jobId") ??
    CLUSTER_NAME.exec(first(`${TAGS}clusterName`) ?? "")?.[1] ??
    clusterTag(properties, "JobId");
  const workspace =
    first("orgId", "workspaceId", `${TAGS}clusterOwnerOrgId`, `${TAGS}orgId`) ??
    workspaceIn(first("spark.databricks.workspaceUrl"));
  if (job === undefined || workspace === undefined) return parentJob(event);
  return ID.test(job) && ID.test(workspace) ? jobNode(workspace, job) : undefined;
}
