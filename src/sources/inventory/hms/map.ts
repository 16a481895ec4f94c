/** Dumps of a Hive metastore as JSON: the External Metastore Inventory, and what DESCRIBE … EXTENDED prints. */
import type { InventoryTable } from "../../../model/table-inventory.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { filled, tableName } from "../table-name.ts";

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const upper = (value: unknown): string | null => filled(value)?.toUpperCase() ?? null;

/** A table of the External Metastore Inventory; its values keep the blank after the colon of DESCRIBE. */
function fromInventory(record: JsonObject): InventoryTable {
  return {
    name: tableName("", textOf(record.database ?? record.namespace), textOf(record.tableName)),
    location: filled(record.Location),
    type: upper(record.Type),
    partitions: [],
  };
}

function fromDescribe(record: JsonObject, details: JsonObject): InventoryTable {
  return {
    name: tableName(textOf(details.Catalog), textOf(record.database), textOf(record.table)),
    location: filled(details.Location),
    type: upper(details.Type),
    partitions: [],
  };
}

/** The table of one record, or undefined where it is none of the known shapes. */
export function mapHmsTable(record: Json): InventoryTable | undefined {
  if (!isObject(record)) return undefined;
  if ("tableName" in record && "Location" in record) return fromInventory(record);
  const details = record.details;
  if (typeof record.table === "string" && isObject(details)) return fromDescribe(record, details);
  return undefined;
}

/** Locations of databases by name out of `{ name: { "Namespace Name": …, "Location": … } }`, or undefined. */
export function mapDatabases(record: Json): Map<string, string> | undefined {
  if (!isObject(record)) return undefined;
  const entries = Object.entries(record);
  const places = new Map<string, string>();
  for (const [name, value] of entries) {
    if (!isObject(value) || !("Namespace Name" in value || "Database Name" in value)) return undefined;
    const location = filled(value.Location);
    if (location !== null) places.set(name.toLowerCase(), location);
  }
  return entries.length === 0 ? undefined : places;
}
