/** Saved SQL queries of the fake: each with its owner, in the trash or not. */
import type { JsonObject } from "../json.ts";

export interface StoredQuery {
  id: string;
  owner: string;
  trashed: boolean;
  /** Display name, text, warehouse, parameters, tags, folder: as they were given. */
  fields: JsonObject;
  createdAt: number;
  updatedAt: number;
}

export type QueryBook = Map<string, StoredQuery>;
