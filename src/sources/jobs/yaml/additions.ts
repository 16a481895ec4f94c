/** What is put on a job beside its own settings: the bundle's defaults, presets of a target, those of its mode. */
import type { JobSettings, TaskSettings } from "../../../model/job.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { jsonOf, type Placed, placedAt, type Spot } from "../../../util/placed-yaml.ts";
import type { BundleFacts } from "./bundle.ts";
import { mergeOverride } from "./merge-override.ts";

/**
 * What the bundle's deployment adds to every job (databricks/cli `bundle/config/mutator`), below what is declared; runs
 * at a time come after the presets, which may say them.
 */
export function bundleDefaults(at: Spot, statePath: string | undefined): Placed {
  const deployment: JsonObject = { kind: "BUNDLE" };
  if (statePath) deployment.metadata_file_path = `${statePath}/metadata.json`;
  return placedAt({ deployment, edit_mode: "UI_LOCKED", queue: { enabled: true } }, at);
}

/** Presets of a target, as they are put on each of its jobs. */
export interface Presets {
  tags: Record<string, string>;
  prefix: string;
  paused: string | undefined;
  /** Runs at a time. */
  most: number | undefined;
}

/**
 * Presets of the current target over those of the bundle. `mode: development` gives what they leave open: the user's name
 * before the jobs' and as tag, paused triggers, four runs at a time (databricks/cli `apply_target_mode`).
 * @param user short name of who deploys
 */
export function presetsOf({ presets, mode }: Pick<BundleFacts, "presets" | "mode">, user: string): Presets {
  const merged = presets.reduce<Placed | undefined>(
    (below, above) => (below ? mergeOverride(below, above) : above),
    undefined,
  );
  const given = merged && jsonOf(merged);
  const said = isObject(given) ? given : {};
  const tags = isObject(said.tags) ? said.tags : {};
  const development = mode === "development";
  return {
    tags: {
      ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value ?? "")])),
      ...(development && tags.dev === undefined ? { dev: user } : {}),
    },
    prefix: textOf(said.name_prefix) ?? (development ? `[dev ${user}] ` : ""),
    paused: textOf(said.trigger_pause_status) ?? (development ? "PAUSED" : undefined),
    most:
      typeof said.jobs_max_concurrent_runs === "number" ? said.jobs_max_concurrent_runs : development ? 4 : undefined,
  };
}

const textOf = (value: Json | undefined) => (typeof value === "string" && value !== "" ? value : undefined);

/**
 * Puts presets on a job: tags, prefix of names, pausing, runs at a time.
 * @returns whether the name has got a prefix: then the mode of the target adds none of its own
 */
export function applyPresets(settings: JobSettings, { tags, prefix, paused, most }: Presets): boolean {
  if (Object.keys(tags).length > 0) {
    const own = Object.entries(settings.tags ?? {}).filter(([key, value]) => value !== "" || tags[key] === undefined);
    settings.tags = { ...tags, ...Object.fromEntries(own) };
  }
  settings.name = prefix + (settings.name ?? "");
  if (paused !== undefined) {
    for (const start of [settings.schedule, settings.trigger, settings.continuous]) {
      if (start) start.pause_status ??= paused;
    }
  }
  if (most !== undefined) settings.max_concurrent_runs ??= most;
  return prefix !== "";
}

/** Every task that names compute on one cluster (databricks/cli `override_compute`). */
export function onCluster(settings: JobSettings, clusterId: string): void {
  for (const task of settings.tasks ?? []) {
    const loop = task.for_each_task;
    const inner = isObject(loop) && isObject(loop.task) ? (loop.task as TaskSettings) : task;
    const compute = ["new_cluster", "existing_cluster_id", "environment_key", "job_cluster_key"];
    if (!compute.some((key) => inner[key] !== undefined)) continue;
    for (const key of compute) delete inner[key];
    inner.existing_cluster_id = clusterId;
  }
}

/**
 * Clusters of a pool without what the pool says: node types, disks, and of the cloud's attributes all but the identity
 * (databricks/cli `cluster_fixups`). A bundle's deployment does not send it.
 */
export function withoutPoolFields(settings: JobSettings): void {
  const clusters = [...(settings.tasks ?? []), ...listOf(settings.job_clusters)].map((owner) => owner.new_cluster);
  for (const cluster of clusters) {
    if (!isObject(cluster)) continue;
    if (typeof cluster.instance_pool_id !== "string" || cluster.instance_pool_id === "") {
      delete cluster.driver_instance_pool_id;
      continue;
    }
    for (const key of ["node_type_id", "driver_node_type_id", "enable_elastic_disk"]) delete cluster[key];
    keepOnly(cluster, "aws_attributes", "instance_profile_arn");
    keepOnly(cluster, "gcp_attributes", "google_service_account");
    keepOnly(cluster, "azure_attributes", undefined);
  }
}

const listOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

function keepOnly(cluster: JsonObject, key: string, member: string | undefined): void {
  const old = cluster[key];
  if (!isObject(old)) return;
  const kept = member === undefined ? undefined : old[member];
  if (member === undefined || kept === undefined) delete cluster[key];
  else cluster[key] = { [member]: kept };
}
