/** What a file below a table's folder is: rows, log, marker, or rows on their way. */

/** `directory` is the folder itself. */
export type FileKind = "data" | "log" | "marker" | "staging" | "directory";

const STAGING = /^(_temporary$|\.hive-staging|\.spark-staging)/;

/** A hidden name to Spark and Hive; a partition column may begin with an underscore (`_day=1`). */
const isHidden = (segment: string): boolean =>
  (segment.startsWith("_") || segment.startsWith(".")) && !segment.includes("=");

/**
 * The kind of a path by its segments below the table's folder. File names are not asked for an extension: Hive writes
 * `000000_0`, Delta may put data files into folders of any name (Delta protocol: data files).
 */
export function fileKind(below: readonly string[]): FileKind {
  const last = below.at(-1);
  if (last === undefined) return "directory";
  if (below.some((segment) => STAGING.test(segment))) return "staging";
  if (below.includes("_delta_log") || below[0] === ".hoodie") return "log";
  // Iceberg: metadata/v3.metadata.json, metadata/snap-….avro, metadata/version-hint.text
  if (below[0] === "metadata" && /\.(metadata\.json|avro|text|stats)$/.test(last)) return "log";
  if (below.some((segment) => segment !== "_change_data" && isHidden(segment))) return "marker";
  return "data";
}

/** The segments before the first that belongs to a writer's staging: where the files are meant to go. */
export function withoutStaging(segments: readonly string[]): readonly string[] {
  const at = segments.findIndex((segment) => STAGING.test(segment));
  return at < 0 ? segments : segments.slice(0, at);
}

/** True for the folder that Spark makes and deletes again while it creates a table elsewhere. */
export function isPlaceholder(segments: readonly string[]): boolean {
  return segments.some((segment) => segment.endsWith("-__PLACEHOLDER__"));
}
