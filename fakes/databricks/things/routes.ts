/**
 * What jobs refer to by id, as far as it can be listed: SQL warehouses, clusters, cluster policies, instance pools,
 * pipelines. Tests put them there (`control.addThings`); everybody sees all.
 *
 * Sources: list calls of the Databricks SQL Warehouses, Clusters, Cluster Policies, Instance Pools and Pipelines APIs.
 */
import type { Call, Route } from "../http/router.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../world.ts";

/** Kinds of things, each with how its list is called and shaped. */
const LISTS = {
  warehouses: { path: "/api/2\\.0/sql/warehouses", items: "warehouses", id: "id", name: "name", size: undefined },
  clusters: {
    path: "/api/2\\.1/clusters/list",
    items: "clusters",
    id: "cluster_id",
    name: "cluster_name",
    size: "page_size",
  },
  policies: {
    path: "/api/2\\.0/policies/clusters/list",
    items: "policies",
    id: "policy_id",
    name: "name",
    size: undefined,
  },
  pools: {
    path: "/api/2\\.0/instance-pools/list",
    items: "instance_pools",
    id: "instance_pool_id",
    name: "instance_pool_name",
    size: undefined,
  },
  pipelines: { path: "/api/2\\.0/pipelines", items: "statuses", id: "pipeline_id", name: "name", size: "max_results" },
} as const;

export type ThingKind = keyof typeof LISTS;

/** Ids with names, by kind. */
export type Things = Map<ThingKind, Map<string, string>>;

export const thingRoutes: Route[] = (Object.keys(LISTS) as ThingKind[]).map((kind) => ({
  method: "GET",
  path: LISTS[kind].path,
  handle: (world, call) => list(world, call, kind),
}));

function list(world: World, call: Call, kind: ThingKind): object {
  const { items, id, name, size } = LISTS[kind];
  const all = [...(world.things.get(kind) ?? [])].map(([key, text]): JsonObject => ({ [id]: key, [name]: text }));
  if (size === undefined) return { [items]: all };
  const most = Math.min(100, Number(call.query.get(size) ?? 25));
  const from = Number(call.query.get("page_token") ?? 0);
  const more = from + most < all.length ? { next_page_token: String(from + most) } : {};
  return { [items]: all.slice(from, from + most), ...more };
}
