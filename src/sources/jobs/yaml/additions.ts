/** What is put on a job beside its own settings: permissions, the bundle's defaults, presets of a target. */
import type { JobSettings } from "../../../model/job.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import { jsonOf, type Placed, placedAt, type Spot } from "../../../util/placed-yaml.ts";
import { type BundleFacts, presetOf } from "./bundle.ts";

/** Permission levels of bundles that jobs call otherwise. */
const LEVELS: Record<string, string> = { CAN_RUN: "CAN_MANAGE_RUN" };

/** `permissions` of bundles (`level`) and `access_control_list` (`permission_level`) as the permissions call has them. */
export function permissionsOf(lists: (Placed | undefined)[]): JsonObject[] | undefined {
  const nodes = lists.filter((node) => node !== undefined);
  if (nodes.length === 0) return undefined;
  const rows = new Map<string, JsonObject>();
  for (const item of nodes.flatMap((node) => (node.kind === "list" ? node.items : []))) {
    const value = jsonOf(item);
    if (!isObject(value)) continue;
    const { level, ...who } = value;
    const given = level ?? value.permission_level;
    const row: JsonObject = { ...who, permission_level: LEVELS[String(given)] ?? given };
    rows.set(String(who.user_name ?? who.group_name ?? who.service_principal_name), row);
  }
  return [...rows.values()];
}

/** What the bundle's deployment adds to every job (databricks/cli `bundle/config/mutator`), below what is declared. */
export function bundleDefaults(at: Spot, statePath: string | undefined): Placed {
  const deployment: JsonObject = { kind: "BUNDLE" };
  if (statePath) deployment.metadata_file_path = `${statePath}/metadata.json`;
  return placedAt({ deployment, edit_mode: "UI_LOCKED", max_concurrent_runs: 1, queue: { enabled: true } }, at);
}

/** Presets of a bundle's target: tags, prefix of names, pausing, runs at a time. */
export function applyPresets(settings: JobSettings, facts: BundleFacts): void {
  const tags = presetOf(facts, "tags")?.value;
  if (isObject(tags)) {
    const texts = Object.entries(tags).map(([key, value]) => [key, String(value ?? "")]);
    settings.tags = { ...Object.fromEntries(texts), ...settings.tags };
  }
  const prefix = presetOf(facts, "name_prefix")?.value;
  if (typeof prefix === "string" && settings.name !== undefined) settings.name = prefix + settings.name;
  const paused = presetOf(facts, "trigger_pause_status")?.value;
  if (typeof paused === "string") {
    for (const start of [settings.schedule, settings.trigger, settings.continuous]) {
      if (start) start.pause_status ??= paused;
    }
  }
  const most = presetOf(facts, "jobs_max_concurrent_runs")?.value;
  if (typeof most === "number") settings.max_concurrent_runs ??= most;
}
