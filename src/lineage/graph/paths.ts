/** Which datasets are named by where their files lie, as opposed to tables by their name. */
import type { NodeKey } from "../../store/lineage.ts";

/** Schemes of storage, and the namespace of local files, as OpenLineage's naming has them. */
const STORAGE = /^(abfss?|wasbs?|adls?|s3[an]?|gs|gcs|hdfs|file|dbfs|https?):|^file$/i;

/** Whether a dataset is a path. A workspace's own file system is in the namespace of the workspace. */
export const isPath = ({ kind, namespace, name }: Pick<NodeKey, "kind" | "namespace" | "name">): boolean =>
  kind === "dataset" && (STORAGE.test(namespace) || /^dbfs:\/|^\/(Volumes|Workspace)\//.test(name));
