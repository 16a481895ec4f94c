/** The four rooms of the page. */
export const ROOMS = [
  { path: "/jobs", name: "Jobs", icon: "jobs", key: "j" },
  { path: "/runs", name: "Runs", icon: "runs", key: "r" },
  { path: "/lineage", name: "Lineage", icon: "lineage", key: "l" },
  { path: "/waves", name: "Waves", icon: "waves", key: "w" },
] as const;

/** The room a path belongs to; plans are of jobs. */
export function roomOf(path: string): string {
  return path.startsWith("/plans") ? "/jobs" : `/${path.split("/")[1] ?? ""}`;
}
