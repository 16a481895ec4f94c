/** Lists of what jobs may refer to: warehouses, clusters, policies, pools, pipelines, queries, service principals. */
import { isObject, type JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";
import { readPages } from "./pages.ts";

/** How a kind is listed. Sources: the list calls of the Databricks REST API reference. */
const LISTS = {
  warehouse: {
    path: "/api/2.0/sql/warehouses",
    items: "warehouses",
    id: "id",
    name: "name",
    grant: "CAN_VIEW on the warehouse",
  },
  cluster: {
    path: "/api/2.1/clusters/list",
    query: { page_size: 100 },
    items: "clusters",
    id: "cluster_id",
    name: "cluster_name",
    grant: "CAN_ATTACH_TO on the cluster",
  },
  policy: {
    path: "/api/2.0/policies/clusters/list",
    items: "policies",
    id: "policy_id",
    name: "name",
    grant: "CAN_USE on the policy",
  },
  pool: {
    path: "/api/2.0/instance-pools/list",
    items: "instance_pools",
    id: "instance_pool_id",
    name: "instance_pool_name",
    grant: "CAN_ATTACH_TO on the pool",
  },
  pipeline: {
    path: "/api/2.0/pipelines",
    query: { max_results: 100 },
    items: "statuses",
    id: "pipeline_id",
    name: "name",
    grant: "CAN_VIEW on the pipeline",
  },
  query: {
    path: "/api/2.0/sql/queries",
    query: { page_size: 100 },
    items: "results",
    id: "id",
    name: "display_name",
    grant: "CAN_VIEW on the query",
  },
  destination: {
    path: "/api/2.0/notification-destinations",
    query: { page_size: 100 },
    items: "results",
    id: "id",
    name: "display_name",
    grant: "the right to list notification destinations (a workspace admin has it)",
  },
} as const;

/** SCIM pages are told by position (RFC 7644, 3.4.2.4). */
const SCIM_PAGE = 100;

export type InventoryKind = keyof typeof LISTS | "servicePrincipal";

/** What can be found by its name. */
export type LookupKind = InventoryKind | "job";

/** See {@link inventoryApi}. */
export interface InventoryApi {
  /** Ids of everything of a kind that we may see. */
  ids(kind: InventoryKind): AsyncIterable<string>;
  /** Ids of what has exactly this name; of service principals the application id, of jobs upper and lower case alike. */
  named(kind: LookupKind, name: string): Promise<string[]>;
}

export function inventoryApi(connection: Connection): InventoryApi {
  async function* servicePrincipals(): AsyncGenerator<JsonObject> {
    for (let startIndex = 1; ; ) {
      const page = await connection.json({
        method: "GET",
        path: "/api/2.0/preview/scim/v2/ServicePrincipals",
        query: { startIndex, count: SCIM_PAGE, attributes: "applicationId,displayName" },
        safe: true,
        grant: "the right to list service principals (a workspace admin has it)",
      });
      const found = objectsIn(page.Resources);
      yield* found;
      startIndex += found.length;
      if (found.length === 0 || startIndex > Number(page.totalResults ?? 0)) return;
    }
  }

  async function* listed(list: (typeof LISTS)[keyof typeof LISTS]): AsyncGenerator<JsonObject> {
    const query = "query" in list ? list.query : {};
    const read = (page_token: string | undefined) =>
      connection.json({
        method: "GET",
        path: list.path,
        query: { ...query, page_token },
        safe: true,
        grant: list.grant,
      });
    for await (const page of readPages(read)) yield* objectsIn(page[list.items]);
  }

  async function* jobsNamed(name: string): AsyncGenerator<JsonObject> {
    const read = (page_token: string | undefined) =>
      connection.json({
        method: "GET",
        path: "/api/2.2/jobs/list",
        query: { name, limit: 100, page_token },
        safe: true,
        grant: "CAN_VIEW on the job",
      });
    for await (const page of readPages(read)) yield* objectsIn(page.jobs);
  }

  return {
    async *ids(kind) {
      if (kind === "servicePrincipal")
        for await (const one of servicePrincipals()) yield* textsOf([one], "applicationId");
      else for await (const one of listed(LISTS[kind])) yield* textsOf([one], LISTS[kind].id);
    },
    async named(kind, name) {
      const ids: string[] = [];
      if (kind === "job") for await (const one of jobsNamed(name)) ids.push(...textsOf([one], "job_id"));
      else if (kind === "servicePrincipal") {
        for await (const one of servicePrincipals())
          if (one.displayName === name) ids.push(...textsOf([one], "applicationId"));
      } else {
        const list = LISTS[kind];
        for await (const one of listed(list)) if (one[list.name] === name) ids.push(...textsOf([one], list.id));
      }
      return ids;
    },
  };
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(objects: readonly JsonObject[], key: string): string[] {
  return objects.flatMap((object) => (object[key] === undefined ? [] : [String(object[key])]));
}
