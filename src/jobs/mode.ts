/** What a target's mode does to a job: a development deployment carries its user's name and does not start by itself. Pure. */
import type { JobSettings } from "../model/job.ts";
import { shortName } from "../model/short-name.ts";
import { isObject } from "../util/json.ts";

/**
 * Settings as a target of this mode deploys them. `development`: name prefix `[dev <short name>] `; schedule, trigger,
 * triggers and continuous are paused, whatever they say, since one declaration serves all targets. Any other mode:
 * unchanged. `user` is the user name, or the display name of a service principal; a name that is `prefixed` already stays.
 */
export function applyMode(
  settings: JobSettings,
  mode: "development" | "production" | undefined,
  user: string,
  prefixed = false,
): JobSettings {
  if (mode !== "development") return settings;
  const changed: JobSettings = { ...settings };
  if (!prefixed) changed.name = `[dev ${shortName(user)}] ${settings.name ?? ""}`;
  for (const key of ["schedule", "trigger", "continuous"] as const) {
    const start = settings[key];
    if (isObject(start)) changed[key] = { ...start, pause_status: "PAUSED" };
  }
  if (Array.isArray(settings.triggers)) {
    changed.triggers = settings.triggers.map((trigger) =>
      isObject(trigger) ? { ...trigger, pause_status: "PAUSED" } : trigger,
    );
  }
  return changed;
}
