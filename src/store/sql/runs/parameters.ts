/** Parameters and their values in SQL. */
import { type Kysely, sql } from "kysely";
import type { Parameter, ParameterType } from "../../../model/process.ts";
import type { ConfigParameter } from "../../schema/runs.ts";
import type { Schema } from "../../schema/schema.ts";

type Value = Pick<ConfigParameter, "ValueINT" | "ValueDateTime" | "ValueBIT">;

/** The one value of a parameter, from the column of its type. −1 is what the original writes for bulk. */
export function parameterValue(type: string, row: Value): string | null {
  if (type === "DELTA_ID") return row.ValueINT === "-1" || row.ValueINT === "0" ? null : row.ValueINT;
  if (type === "FLAG") return row.ValueBIT === null ? null : row.ValueBIT === 1 ? "true" : "false";
  return row.ValueDateTime;
}

/** The columns that hold a value of a type. */
export function valueColumns(type: ParameterType, value: string | null): Value {
  return {
    ValueINT: type === "DELTA_ID" ? value : null,
    ValueDateTime: type === "DELTA_DATE" || type === "SYSTEM" ? value : null,
    ValueBIT: type === "FLAG" && value !== null ? (value === "true" ? 1 : 0) : null,
  };
}

/** Parameters of a process, by name. */
export async function readParameters(
  db: Kysely<Schema>,
  projectCode: string,
  processLoad: string,
): Promise<Parameter[]> {
  const rows = await db
    .selectFrom("ETLconfigParameters")
    .select(["ParameterName", "ParameterType", "ParameterDescription", "LookbackSeconds", "ValueDateTime", "ValueBIT"])
    .select(sql<string | null>`cast("ValueINT" as text)`.as("ValueINT"))
    .where("ProjectCode", "=", projectCode)
    .where("ProcessLoad", "=", processLoad)
    .orderBy("ParameterName")
    .execute();
  return rows.map((row) => ({
    projectCode,
    processLoad,
    name: row.ParameterName,
    type: row.ParameterType as ParameterType,
    description: row.ParameterDescription,
    lookbackSeconds: row.LookbackSeconds,
    value: parameterValue(row.ParameterType, row),
  }));
}
