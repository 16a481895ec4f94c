/** All tables of the store, for kysely's type checking. */
import type { GroundTables } from "./ground.ts";
import type { JobsTables } from "./jobs.ts";
import type { LineageTables } from "./lineage.ts";
import type { RunsTables } from "./runs.ts";

/** Which database. */
export type StoreKind = "sqlite" | "postgres";

/** Tables by name. */
export interface Schema extends GroundTables, JobsTables, RunsTables, LineageTables {}
