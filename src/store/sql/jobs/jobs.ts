/** The jobs door of a database. */
import type { Database } from "../../database.ts";
import type { JobStore } from "../../jobs.ts";
import { sqlApplies } from "./applies.ts";
import { sqlDrift } from "./drift.ts";
import { sqlHistory } from "./history.ts";
import { sqlPlans } from "./plans.ts";

/** Puts the parts together. */
export function sqlJobs(database: Database): JobStore {
  return { ...sqlPlans(database), ...sqlApplies(database), ...sqlHistory(database), ...sqlDrift(database) };
}
