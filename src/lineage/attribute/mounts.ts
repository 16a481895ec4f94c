/** Turns locations below a mount into the storage behind it. */
import type { Mount } from "../../model/table-inventory.ts";
import { parseLocation, type StoragePath } from "./storage-path.ts";

/** Where a location is in storage, or why no access log can show it. */
export type Resolved = { path: StoragePath } | { blind: string };

/** Segments of a `dbfs:` path in any of its spellings: `dbfs:/mnt/x`, `dbfs:///mnt/x`, `/dbfs/mnt/x`, `/mnt/x`. */
function dbfsSegments(location: string): string[] | undefined {
  const text = location.trim();
  const path = /^dbfs:\/*(.*)$/i.exec(text)?.[1] ?? /^\/dbfs\/(.*)$/.exec(text)?.[1] ?? /^\/(.*)$/.exec(text)?.[1];
  return path?.split("/").filter((segment) => segment !== "");
}

/** A resolver of locations; the longest mount wins, and only whole segments count: /mnt/data is no part of /mnt/data2. */
export function locationResolver(mounts: readonly Mount[]): (location: string | null) => Resolved {
  const known = mounts
    .map((mount) => ({
      name: dbfsSegments(mount.name) ?? [],
      source: parseLocation(mount.source),
      written: mount.source,
    }))
    .sort((a, b) => b.name.length - a.name.length);
  return (location) => {
    if (location === null || location.trim() === "") return { blind: "the inventory gives no location" };
    const direct = parseLocation(location);
    if (direct !== undefined) return { path: direct };
    const segments = dbfsSegments(location);
    if (segments === undefined) return { blind: `not in Azure storage: ${location.trim().split(":", 1)[0]}` };
    const mount = known.find(({ name }) => name.every((segment, i) => segments[i] === segment));
    if (mount?.source !== undefined) {
      const { source, name } = mount;
      return { path: { ...source, segments: [...source.segments, ...segments.slice(name.length)] } };
    }
    if (segments[0] !== "mnt")
      return { blind: "in the workspace's own storage (DBFS root), which keeps no access log" };
    if (mount !== undefined && mount.name.length > 0)
      return { blind: `its mount is not Azure storage: ${mount.written}` };
    return { blind: `mount /${segments.slice(0, 2).join("/")} is not in the inventory` };
  };
}
