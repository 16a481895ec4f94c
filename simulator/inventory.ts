/** What tools that list a catalog and its mounts write down: the files of UCX (its tables `tables` and `mounts` as CSV). */
import { writtenLocation } from "./lake.ts";
import type { Table, World } from "./world.ts";

const quote = (value: string): string => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csv = (rows: readonly (readonly string[])[]): string =>
  `${rows.map((row) => row.map(quote).join(",")).join("\n")}\n`;

function tableRow(table: Table): string[] {
  const [catalog = "", database = "", name = ""] = table.name.split(".");
  const isView = table.format === "view";
  const type = isView ? "VIEW" : table.managed ? "MANAGED" : "EXTERNAL";
  const bytes = isView ? "" : String(table.files * table.fileBytes);
  const partitioned = String(table.partitionedBy !== undefined);
  const format = isView ? "UNKNOWN" : table.format.toUpperCase();
  return [
    catalog,
    database,
    name,
    type,
    format,
    writtenLocation(table),
    table.viewOf ?? "",
    "",
    "",
    partitioned,
    bytes,
  ];
}

/** The files, by name. */
export function inventoryFiles(world: World): Record<string, string> {
  const header =
    "catalog,database,name,object_type,table_format,location,view_text,upgraded_to,storage_properties,is_partitioned,size_in_bytes";
  return {
    "tables.csv": csv([header.split(","), ...world.tables.map(tableRow)]),
    "mounts.csv": csv([["name", "source"], ...world.mounts.map(({ name, source }) => [name, source])]),
  };
}
