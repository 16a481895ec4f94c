/** The runs door of a database. */
import type { Database } from "../../database.ts";
import type { RunStore } from "../../runs.ts";
import { sqlAppend } from "./append.ts";
import { sqlCatalogue } from "./catalogue.ts";
import { sqlDays } from "./days.ts";
import { sqlLeases } from "./leases.ts";
import { sqlModes } from "./modes.ts";
import { sqlObservations } from "./observations.ts";
import { sqlReplay } from "./replay.ts";
import { sqlViews } from "./views.ts";

/** Puts the parts together. */
export function sqlRuns(database: Database): RunStore {
  return {
    ...sqlAppend(database),
    ...sqlViews(database),
    ...sqlDays(database),
    ...sqlModes(database),
    ...sqlLeases(database),
    ...sqlObservations(database),
    ...sqlReplay(database),
    catalogue: sqlCatalogue(database),
  };
}
