/** SCIM: who am I, and the service principals of the workspace. */
import { denied, invalid } from "../api-error.ts";
import { type Call, Reply, type Route } from "../http/router.ts";
import { formatJson, type JsonObject, objectsIn } from "../json.ts";
import type { World } from "../world.ts";
import type { Principal } from "./principals.ts";

const API = "/api/2.0/preview/scim/v2";

export const scimRoutes: Route[] = [
  { method: "GET", path: `${API}/Me`, handle: (_world, call) => describe(call.principal) },
  { method: "GET", path: `${API}/ServicePrincipals`, handle: list },
  { method: "POST", path: `${API}/ServicePrincipals`, handle: add },
];

function describe(principal: Principal): JsonObject {
  const groups = principal.groups.map((display) => ({ display, type: "direct" }));
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    id: principal.id,
    userName: principal.userName,
    displayName: principal.displayName,
    active: true,
    emails: principal.kind === "user" ? [{ type: "work", value: principal.userName, primary: true }] : undefined,
    groups,
  };
}

function describeServicePrincipal(principal: Principal): JsonObject {
  return {
    id: principal.id,
    applicationId: principal.userName,
    displayName: principal.displayName,
    active: true,
    groups: principal.groups.map((display) => ({ display, type: "direct" })),
    entitlements: [{ value: "workspace-access" }],
  };
}

function list(world: World, call: Call): object {
  const filter = /^\s*(applicationId|displayName)\s+eq\s+"?([^"]*)"?\s*$/i.exec(call.query.get("filter") ?? "");
  if (call.query.has("filter") && !filter) return scimError(400, "Given filter operator is not supported.");
  const found = world.directory
    .all()
    .filter((principal) => principal.kind === "service_principal")
    .map(describeServicePrincipal)
    .filter((entry) => !filter || String(entry[filter[1] ?? ""]).toLowerCase() === filter[2]?.toLowerCase());
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    totalResults: found.length,
    startIndex: 1,
    itemsPerPage: found.length,
    Resources: found,
  };
}

function add(world: World, call: Call): object {
  if (!call.principal.admin) throw denied("Only workspace admins can add service principals.");
  const body = call.body();
  const id = body.applicationId;
  if (typeof id !== "string") throw invalid("applicationId is required.");
  if (world.directory.find(id)) return scimError(409, `Service principal with application ID ${id} already exists.`);
  const principal = world.directory.add({
    userName: id,
    kind: "service_principal",
    displayName: String(body.displayName ?? id),
    groups: objectsIn(body.groups).map((group) => String(group.value)),
  });
  return new Reply(201, formatJson(describeServicePrincipal(principal)), { "content-type": "application/scim+json" });
}

/** Errors of SCIM have a body of their own. */
function scimError(status: number, detail: string): Reply {
  const body = { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], detail, status: String(status) };
  return new Reply(status, formatJson(body), { "content-type": "application/scim+json" });
}
