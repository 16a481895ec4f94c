/** The seven built-in stages of databricks-etl-monitor, by its codes and names. */
import type { Sequence } from "../model/process.ts";

const ROWS: readonly (readonly [code: string, name: string, description: string])[] = [
  ["LOAD_GO", "Initiating ETL Processing", "Initiating ETL Processing — overall run marker"],
  ["LOAD_DB_CONFIG", "Load Configuration Data", "Load Configuration Data from source"],
  ["LOAD_DB_TRAN", "Load Transactional Data", "Load Transactional Data from source (staging)"],
  ["LOAD_DIM", "Process Master Data", "Process Master Data — validate staged dimensions"],
  ["LOAD_TRAN", "Process Transactional Data", "Process Transactional Data — validate staged transactions"],
  ["PRE_PROCESS", "Functional Logic", "Functional Logic — business logic and derivations"],
  ["PROCESS_DATA", "Core Data Transformation", "Core Data Transformation — output / data mart tables"],
];

/** In their order. */
export const BUILT_IN_SEQUENCES: readonly Sequence[] = ROWS.map(([sequenceCode, name, description], place) => ({
  sequenceId: place,
  sequenceCode,
  name,
  description,
  sortOrder: place,
  isActive: true,
}));
