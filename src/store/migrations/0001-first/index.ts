/** The first schema. Column types are those both databases share: text, integer or bigint, double precision. */
import type { StoreKind } from "../../schema/schema.ts";
import { etlConfig } from "./etl-config.ts";
import { etlViewStatements } from "./etl-views.ts";
import { groundTables } from "./ground.ts";
import { JOBS_TABLES } from "./jobs.ts";
import { lineageTables } from "./lineage.ts";
import { runsTables } from "./runs.ts";

/** Statements in order. */
export function first(kind: StoreKind): string[] {
  return [
    ...groundTables(kind),
    ...JOBS_TABLES,
    ...etlConfig(kind),
    ...runsTables(kind),
    ...etlViewStatements(kind),
    ...lineageTables(kind),
  ];
}
