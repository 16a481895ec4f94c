/** Writes the name of a table the one way headgate compares it. */

const OWN_CATALOGS = ["", "hive_metastore", "spark_catalog"];

/** `schema.table` in lower case; a catalog in front only where it is not the Hive metastore's. */
export function tableName(catalog: string, schema: string, table: string): string {
  const parts = [OWN_CATALOGS.includes(catalog.trim().toLowerCase()) ? "" : catalog, schema, table];
  return parts
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== "")
    .join(".");
}

/** Text without blanks around it, or null where nothing is left. */
export const filled = (text: unknown): string | null =>
  typeof text === "string" && text.trim() !== "" ? text.trim() : null;
