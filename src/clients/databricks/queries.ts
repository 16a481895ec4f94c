/** Queries API 2.0: SQL texts that the workspace keeps, and that SQL tasks run by their id. */
import { isObject, type JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";
import { readPages } from "./pages.ts";

/** See {@link queriesApi}. */
export interface QueriesApi {
  /** Every query that the caller may see and that is not in the trash. */
  list(signal?: AbortSignal): AsyncIterable<JsonObject>;
  get(id: string, signal?: AbortSignal): Promise<JsonObject>;
  /** Not repeated after a lost answer. @returns the new query */
  create(query: JsonObject, patience?: AbortSignal): Promise<JsonObject>;
  /** Replaces the members that are named in `query`. */
  update(id: string, query: JsonObject, patience?: AbortSignal): Promise<void>;
  /** Moves it to the trash, where it stays for 30 days. */
  trash(id: string, patience?: AbortSignal): Promise<void>;
}

const PATH = "/api/2.0/sql/queries";

/** The calls on saved queries (Databricks Queries API reference). */
export function queriesApi(connection: Connection): QueriesApi {
  const at = (id: string) => `${PATH}/${encodeURIComponent(id)}`;
  return {
    list: async function* (signal) {
      const pages = readPages((page_token) =>
        connection.json({
          method: "GET",
          path: PATH,
          query: { page_size: 100, page_token },
          safe: true,
          grant: "the entitlement databricks-sql-access",
          signal,
        }),
      );
      for await (const page of pages) for (const query of listIn(page.results)) yield query;
    },
    get: (id, signal) =>
      connection.json({ method: "GET", path: at(id), safe: true, grant: `CAN_VIEW on query ${id}`, signal }),
    create: (query, patience) =>
      connection.json({
        method: "POST",
        path: PATH,
        json: { query },
        safe: false,
        grant: "the right to make queries in that folder, and CAN_USE on the SQL warehouse",
        patience,
      }),
    update: async (id, query, patience) => {
      const json = { query, update_mask: Object.keys(query).join(",") };
      await connection.json({
        method: "PATCH",
        path: at(id),
        json,
        safe: true,
        grant: `CAN_MANAGE on query ${id}`,
        patience,
      });
    },
    trash: async (id, patience) => {
      await connection.json({
        method: "DELETE",
        path: at(id),
        safe: true,
        grant: `CAN_MANAGE on query ${id}`,
        patience,
      });
    },
  };
}

function listIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
