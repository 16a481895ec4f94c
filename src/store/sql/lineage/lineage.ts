/** The lineage door of a database. */
import type { Database } from "../../database.ts";
import type { LineageStore } from "../../lineage.ts";
import { sqlClaims } from "./claims.ts";
import { sqlDays } from "./days.ts";
import { sqlEdgesAt } from "./edges-at.ts";
import { sqlLineageEvents } from "./events.ts";
import { sqlEvidence } from "./evidence.ts";
import { sqlGraph } from "./graph.ts";
import { sqlGrowth } from "./growth.ts";

/** Puts the parts together. */
export function sqlLineage(database: Database): LineageStore {
  return {
    ...sqlGraph(database),
    ...sqlDays(database),
    ...sqlGrowth(database),
    ...sqlEdgesAt(database),
    ...sqlEvidence(database),
    ...sqlClaims(database),
    ...sqlLineageEvents(database),
  };
}
