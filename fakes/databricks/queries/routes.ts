/**
 * The Queries API: create, list, get, update by mask, move to the trash.
 *
 * Source: Databricks "Queries API" reference. A query is its owner's (and admins'): nobody else sees it here.
 */
import { ApiError, absent, invalid } from "../api-error.ts";
import type { Call, Route } from "../http/router.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { World } from "../world.ts";
import type { StoredQuery } from "./book.ts";

const API = "/api/2\\.0/sql/queries";
const FIELDS = [
  "display_name",
  "query_text",
  "warehouse_id",
  "parameters",
  "tags",
  "description",
  "parent_path",
  "run_as_mode",
  "apply_auto_limit",
  "catalog",
  "schema",
];
const PAGE = { usual: 20, most: 100 };

export const queryRoutes: Route[] = [
  { method: "POST", path: `${API}/?`, handle: create },
  { method: "GET", path: `${API}/?`, handle: list },
  { method: "GET", path: `${API}/([^/]+)`, handle: (world, call) => describe(find(world, call)) },
  { method: "PATCH", path: `${API}/([^/]+)`, handle: update },
  { method: "DELETE", path: `${API}/([^/]+)`, handle: trash },
];

function create(world: World, call: Call): object {
  const body = call.body();
  const given = isObject(body.query) ? body.query : {};
  const folder =
    typeof given.parent_path === "string" ? given.parent_path : `/Workspace/Users/${call.principal.userName}`;
  const fields: JsonObject = { ...only(given, FIELDS), parent_path: folder };
  if (typeof fields.display_name !== "string" || fields.display_name === "") fields.display_name = "New query";
  refuseNamesake(world, fields, body.auto_resolve_display_name === true);
  const now = world.clock.now();
  const id = uuidOf(world.nextId());
  const query: StoredQuery = {
    id,
    owner: call.principal.userName,
    trashed: false,
    fields,
    createdAt: now,
    updatedAt: now,
  };
  world.queries.set(id, query);
  return describe(query);
}

/** Two queries of one folder have different names. */
function refuseNamesake(world: World, fields: JsonObject, resolve: boolean, except?: string): void {
  const taken = (name: unknown) =>
    [...world.queries.values()].some(
      (other) =>
        !other.trashed &&
        other.id !== except &&
        other.fields.display_name === name &&
        other.fields.parent_path === fields.parent_path,
    );
  if (!taken(fields.display_name)) return;
  if (!resolve) throw new ApiError(400, "RESOURCE_ALREADY_EXISTS", `A query '${fields.display_name}' already exists.`);
  let n = 1;
  while (taken(`${fields.display_name} (${n})`)) n += 1;
  fields.display_name = `${fields.display_name} (${n})`;
}

function list(world: World, call: Call): object {
  const size = Math.min(PAGE.most, Number(call.query.get("page_size") ?? PAGE.usual));
  const first = Number(call.query.get("page_token") ?? 0);
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(first))
    throw invalid("page_size or page_token is invalid.");
  const visible = [...world.queries.values()].filter((query) => !query.trashed && mayUse(query, call));
  const more = first + size < visible.length;
  return {
    results: visible.slice(first, first + size).map(describe),
    ...(more ? { next_page_token: String(first + size) } : {}),
  };
}

function update(world: World, call: Call): object {
  const query = find(world, call);
  const body = call.body();
  const mask = typeof body.update_mask === "string" ? body.update_mask.split(",") : [];
  if (mask.length === 0 || mask[0] === "") throw invalid("update_mask is required.");
  const unknown = mask.find((field) => !FIELDS.includes(field) && field !== "owner_user_name");
  if (unknown !== undefined) throw invalid(`update_mask names the unknown field ${unknown}.`);
  const changed = { ...query.fields, ...only(isObject(body.query) ? body.query : {}, mask) };
  refuseNamesake(world, changed, body.auto_resolve_display_name === true, query.id);
  query.fields = changed;
  query.updatedAt = world.clock.now();
  return describe(query);
}

function trash(world: World, call: Call): object {
  find(world, call).trashed = true;
  return {};
}

function mayUse(query: StoredQuery, call: Call): boolean {
  return call.principal.admin || query.owner === call.principal.userName;
}

/** @throws ApiError 404 */
function find(world: World, call: Call): StoredQuery {
  const query = world.queries.get(call.groups[0] ?? "");
  if (query === undefined || query.trashed || !mayUse(query, call))
    throw absent(`Query ${call.groups[0]} does not exist.`);
  return query;
}

function only(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

function describe(query: StoredQuery): JsonObject {
  return {
    ...query.fields,
    id: query.id,
    owner_user_name: query.owner,
    lifecycle_state: query.trashed ? "TRASHED" : "ACTIVE",
    create_time: new Date(query.createdAt).toISOString(),
    update_time: new Date(query.updatedAt).toISOString(),
  };
}

function uuidOf(id: string): string {
  const hex = BigInt(id).toString(16).padStart(16, "0");
  return `01ef1111-${hex.slice(0, 4)}-1${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10).padEnd(12, "0")}`;
}
