/** Lists of what jobs may refer to: warehouses, clusters, policies, pools, pipelines, queries, service principals. */
import { isObject, type JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";
import { readPages } from "./pages.ts";

/** How a kind is listed. Sources: the list calls of the Databricks REST API reference. */
const LISTS = {
  warehouse: { path: "/api/2.0/sql/warehouses", items: "warehouses", id: "id", grant: "CAN_VIEW on the warehouse" },
  cluster: {
    path: "/api/2.1/clusters/list",
    query: { page_size: 100 },
    items: "clusters",
    id: "cluster_id",
    grant: "CAN_ATTACH_TO on the cluster",
  },
  policy: {
    path: "/api/2.0/policies/clusters/list",
    items: "policies",
    id: "policy_id",
    grant: "CAN_USE on the policy",
  },
  pool: {
    path: "/api/2.0/instance-pools/list",
    items: "instance_pools",
    id: "instance_pool_id",
    grant: "CAN_ATTACH_TO on the pool",
  },
  pipeline: {
    path: "/api/2.0/pipelines",
    query: { max_results: 100 },
    items: "statuses",
    id: "pipeline_id",
    grant: "CAN_VIEW on the pipeline",
  },
  query: {
    path: "/api/2.0/sql/queries",
    query: { page_size: 100 },
    items: "results",
    id: "id",
    grant: "CAN_VIEW on the query",
  },
} as const;

/** SCIM pages are told by position (RFC 7644, 3.4.2.4). */
const SCIM_PAGE = 100;

export type InventoryKind = keyof typeof LISTS | "servicePrincipal";

/** See {@link inventoryApi}. */
export interface InventoryApi {
  /** Ids of everything of a kind that we may see. */
  ids(kind: InventoryKind): AsyncIterable<string>;
}

export function inventoryApi(connection: Connection): InventoryApi {
  async function* servicePrincipals(): AsyncGenerator<string> {
    for (let startIndex = 1; ; ) {
      const page = await connection.json({
        method: "GET",
        path: "/api/2.0/preview/scim/v2/ServicePrincipals",
        query: { startIndex, count: SCIM_PAGE, attributes: "applicationId" },
        safe: true,
        grant: "the right to list service principals (a workspace admin has it)",
      });
      const found = objectsIn(page.Resources);
      yield* textsOf(found, "applicationId");
      startIndex += found.length;
      if (found.length === 0 || startIndex > Number(page.totalResults ?? 0)) return;
    }
  }

  return {
    async *ids(kind) {
      if (kind === "servicePrincipal") return yield* servicePrincipals();
      const list = LISTS[kind];
      const query = "query" in list ? list.query : {};
      const read = (page_token: string | undefined) =>
        connection.json({
          method: "GET",
          path: list.path,
          query: { ...query, page_token },
          safe: true,
          grant: list.grant,
        });
      for await (const page of readPages(read)) yield* textsOf(objectsIn(page[list.items]), list.id);
    },
  };
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(objects: readonly JsonObject[], key: string): string[] {
  return objects.flatMap((object) => (object[key] === undefined ? [] : [String(object[key])]));
}
