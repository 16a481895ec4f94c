/** CSV files of tables or partitions with their locations, whoever wrote them. */
import type { InventoryTable } from "../../../model/table-inventory.ts";
import { filled, tableName } from "../table-name.ts";

const TABLE = ["table", "table_name", "name", "full_name"];
const SCHEMA = ["schema", "database", "db", "schema_name", "table_schema", "db_name"];
const CATALOG = ["catalog", "catalog_name", "table_catalog"];
const LOCATION = ["location", "storage_location", "path", "storage_path"];
const PARTITION = ["partition", "partition_name", "part_name", "partition_spec"];
const BYTES = ["size_in_bytes", "sizeinbytes", "bytes"];
const TYPE = ["type", "table_type", "object_type"];

const pick = (header: readonly string[], names: readonly string[]): string | undefined =>
  names.find((name) => header.includes(name));

/** Tables of a CSV file by its header, or undefined where the header names no table or no location. */
export function mapCsv(header: readonly string[], records: Record<string, string>[]): InventoryTable[] | undefined {
  const table = pick(header, TABLE);
  const location = pick(header, LOCATION);
  if (table === undefined || location === undefined) return undefined;
  const partition = pick(header, PARTITION);
  const of = (record: Record<string, string>, names: readonly string[]): string => {
    const column = pick(header, names);
    return column === undefined ? "" : (record[column] ?? "");
  };
  return records.flatMap((record): InventoryTable[] => {
    const name = tableName(of(record, CATALOG), of(record, SCHEMA), record[table] ?? "");
    const place = filled(record[location]);
    if (name === "") return [];
    if (partition !== undefined) {
      return place === null ? [] : [{ name, location: null, type: null, partitions: [place] }];
    }
    const type = filled(of(record, TYPE))?.toUpperCase() ?? null;
    const bytes = filled(of(record, BYTES));
    const size = bytes !== null && /^\d+$/.test(bytes) ? { bytes: Number(bytes) } : {};
    return [{ name, location: place, type, partitions: [], ...size }];
  });
}
