/** The door SavedQueries over the Queries API. */
import type { DatabricksClient } from "../clients/databricks/client.ts";
import { isMissing } from "../clients/databricks/missing.ts";
import { HeadgateError } from "../errors.ts";
import type { JsonObject } from "../util/json.ts";
import type { QueryDefinition, SavedQueries, SavedQuery } from "./workspace.ts";

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function queryOf(wire: JsonObject): SavedQuery {
  return {
    id: String(wire.id),
    name: textOf(wire.display_name) ?? "",
    text: typeof wire.query_text === "string" ? wire.query_text : "",
    owner: textOf(wire.owner_user_name),
    tags: Array.isArray(wire.tags) ? wire.tags.map(String) : [],
  };
}

const isThere = (wire: JsonObject) => wire.lifecycle_state === undefined || wire.lifecycle_state === "ACTIVE";

function bodyOf(query: QueryDefinition): JsonObject {
  return {
    display_name: query.name,
    query_text: query.text,
    warehouse_id: query.warehouse,
    parameters: Object.entries(query.parameters).map(([name, value]) => ({
      name,
      title: name,
      text_value: { value },
    })),
    tags: query.tags,
  };
}

/** Opens the saved queries of a workspace. */
export function openSavedQueries({ queries }: Pick<DatabricksClient, "queries">): SavedQueries {
  return {
    listQueries: async function* (options) {
      for await (const wire of queries.list(options?.signal)) if (isThere(wire)) yield queryOf(wire);
    },
    async getQuery(id, options) {
      try {
        const wire = await queries.get(id, options?.signal);
        return isThere(wire) ? queryOf(wire) : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async createQuery(query, options) {
      const folder = query.folder === undefined ? {} : { parent_path: query.folder };
      const made = await queries.create({ ...bodyOf(query), ...folder }, options?.signal);
      const id = textOf(made.id);
      if (id === undefined) {
        const details = { hint: "Run again: it is looked for first.", permanent: false, data: { sent: true } };
        throw new HeadgateError("unavailable", "a query may have been made, and the answer names no id", details);
      }
      return id;
    },
    updateQuery: (id, query, options) => queries.update(id, bodyOf(query), options?.signal),
    async trashQuery(id, options) {
      try {
        await queries.trash(id, options?.signal);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}
