/** One row of a plan, as the API sends it. */
import type { PlanView } from "../../src/server/api.ts";

export type PlanChange = PlanView["changes"][number];
