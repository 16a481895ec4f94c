/** One statement that runs once for each of many sets of parameters, handed to the SQLite driver in a single call. */
import { CompiledQuery } from "kysely";

/** A query that the SQLite driver knows by its sets; its own parameters are empty. */
interface SetsQuery extends CompiledQuery {
  readonly sets: readonly (readonly unknown[])[];
}

/** The statement over sets of parameters. A call of the driver each would cost more than the statements themselves. */
export function overSets(sql: string, sets: readonly (readonly unknown[])[]): CompiledQuery {
  const query: SetsQuery = { ...CompiledQuery.raw(sql), sets };
  return query;
}

/** The sets of such a query; undefined for any other. */
export function setsOf(query: CompiledQuery): SetsQuery["sets"] | undefined {
  return "sets" in query ? (query as SetsQuery).sets : undefined;
}
