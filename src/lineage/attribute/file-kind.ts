/** What a file below a table's folder is: rows, log, marker, or rows on their way. */

/** `directory` is the folder itself. */
export type FileKind = "data" | "log" | "marker" | "staging" | "directory";

const STAGING = /^(_temporary$|\.hive-staging|\.spark-staging)/;

/** A hidden name to Spark and Hive; a partition column may begin with an underscore (`_day=1`). */
const isHidden = (segment: string): boolean =>
  (segment.startsWith("_") || segment.startsWith(".")) && !segment.includes("=");

/** Folders and files of a streaming checkpoint (Spark Structured Streaming: offsets, commits, sources, state). */
const CHECKPOINT_FOLDER = /^(offsets|commits|sources|state)$/;
const CHECKPOINT_FILE = /^\.?\d+(\.(compact|delta|snapshot|changelog|zip|crc))?(\.[0-9a-f-]{36}\.(tmp|TID\d+\.tmp))?$/;

/**
 * Where in a path the folders of a streaming checkpoint begin: what is above is the checkpoint's own folder; -1 for
 * none. A checkpoint may lie anywhere, also below a table that its stream reads.
 */
export function checkpointAt(segments: readonly string[]): number {
  if (!CHECKPOINT_FILE.test(segments.at(-1) ?? "")) return -1;
  const at = segments.findIndex((segment) => CHECKPOINT_FOLDER.test(segment));
  return at < segments.length - 1 ? at : -1;
}

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
  if (checkpointAt(below) >= 0) return "marker";
  return "data";
}

/** What Spark, Delta, Hudi and the wasb driver put beside data, by its first folder's name, wherever the data begins. */
const BESIDE_DATA =
  /^(_delta_log|_delta_index|_spark_metadata|_checkpoints?|_schemas?|_change_data|_\$azuretmpfolder\$|\.hoodie)$/;

/**
 * Where the part of a path begins that lies beside or inside a folder of data and is none of its partitions; -1 for
 * none. That a folder begins with `_` says nothing where no table is: `_inbox/orders` may be what is read.
 */
export function besideData(segments: readonly string[]): number {
  const known = segments.findIndex((segment) => BESIDE_DATA.test(segment));
  return known >= 0 ? known : checkpointAt(segments);
}

/** The kind of a path of no table, by its segments below the container. */
export function strayKind(segments: readonly string[]): FileKind {
  const from = besideData(segments);
  if (from >= 0) return fileKind(segments.slice(from));
  const staging = segments.findIndex((segment) => STAGING.test(segment));
  return fileKind(segments.slice(staging >= 0 ? staging : -1));
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
