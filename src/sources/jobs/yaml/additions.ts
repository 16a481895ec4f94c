/** What is put on a job beside its own settings: the bundle's defaults, presets of a target. */
import type { JobSettings } from "../../../model/job.ts";
import { isObject, type JsonObject } from "../../../util/json.ts";
import { type Placed, placedAt, type Spot } from "../../../util/placed-yaml.ts";
import { type BundleFacts, presetOf } from "./bundle.ts";

/**
 * What the bundle's deployment adds to every job (databricks/cli `bundle/config/mutator`), below what is declared; runs
 * at a time come after the presets, which may say them.
 */
export function bundleDefaults(at: Spot, statePath: string | undefined): Placed {
  const deployment: JsonObject = { kind: "BUNDLE" };
  if (statePath) deployment.metadata_file_path = `${statePath}/metadata.json`;
  return placedAt({ deployment, edit_mode: "UI_LOCKED", queue: { enabled: true } }, at);
}

/**
 * Presets of a bundle's target: tags, prefix of names, pausing, runs at a time.
 * @returns whether the name has got a prefix: then the mode of the target adds none of its own (databricks/cli
 * `process_target_mode`)
 */
export function applyPresets(settings: JobSettings, facts: BundleFacts): boolean {
  const tags = presetOf(facts, "tags")?.value;
  if (isObject(tags)) {
    const texts = Object.entries(tags).map(([key, value]) => [key, String(value ?? "")]);
    settings.tags = { ...Object.fromEntries(texts), ...settings.tags };
  }
  const prefix = presetOf(facts, "name_prefix")?.value;
  const prefixed = typeof prefix === "string" && prefix !== "";
  if (prefixed && settings.name !== undefined) settings.name = prefix + settings.name;
  const paused = presetOf(facts, "trigger_pause_status")?.value;
  if (typeof paused === "string") {
    for (const start of [settings.schedule, settings.trigger, settings.continuous]) {
      if (start) start.pause_status ??= paused;
    }
  }
  const most = presetOf(facts, "jobs_max_concurrent_runs")?.value;
  if (typeof most === "number") settings.max_concurrent_runs ??= most;
  return prefixed;
}
