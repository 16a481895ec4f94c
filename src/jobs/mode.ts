/** What a target's mode does to a job: a development deployment carries its user's name and does not start by itself. Pure. */
import type { JobSettings } from "../model/job.ts";

/** The part of a user name before the `@`. */
export function shortName(user: string): string {
  return user.split("@")[0] ?? user;
}

/**
 * Settings as a target of this mode deploys them. `development`: name prefix `[dev <short name>] `; schedule, trigger
 * and continuous are paused (as Databricks bundles do it). Any other mode: unchanged.
 */
export function applyMode(
  settings: JobSettings,
  mode: "development" | "production" | undefined,
  user: string,
): JobSettings {
  if (mode !== "development") return settings;
  const paused: JobSettings = { ...settings, name: `[dev ${shortName(user)}] ${settings.name ?? ""}` };
  for (const key of ["schedule", "trigger", "continuous"] as const) {
    const start = settings[key];
    if (start) paused[key] = { ...start, pause_status: "PAUSED" };
  }
  return paused;
}
