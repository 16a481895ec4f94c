/** Mounts as UCX lists them: its `tables` are read like any other CSV of tables. */
import type { Mount } from "../../../model/table-inventory.ts";

/** Mounts of a CSV file, or undefined where its header is not that of UCX's mounts. */
export function mapMounts(header: readonly string[], records: Record<string, string>[]): Mount[] | undefined {
  const name = ["name", "mount_point", "mountpoint"].find((column) => header.includes(column));
  if (name === undefined || !header.includes("source")) return undefined;
  return records.map((record) => ({ name: record[name] ?? "", source: record.source ?? "" }));
}
