/** OAuth for service principals: discovery, and tokens for client id and secret. */
import { ApiError } from "../api-error.ts";
import { type Call, Reply, type Route } from "../http/router.ts";
import { hexOf } from "../ids.ts";
import type { World } from "../world.ts";

export const oauthRoutes: Route[] = [
  {
    method: "GET",
    path: "/.well-known/databricks-config",
    open: true,
    handle: (world) => ({
      oidc_endpoint: `${world.url}/oidc`,
      workspace_id: world.options.workspaceId,
      cloud: world.options.cloud.toUpperCase(),
    }),
  },
  {
    method: "GET",
    path: "/oidc/\\.well-known/oauth-authorization-server",
    open: true,
    handle: (world) => ({
      issuer: `${world.url}/oidc`,
      authorization_endpoint: `${world.url}/oidc/v1/authorize`,
      token_endpoint: `${world.url}/oidc/v1/token`,
      grant_types_supported: ["client_credentials"],
      scopes_supported: ["all-apis"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    }),
  },
  { method: "POST", path: "/oidc/v1/token", open: true, handle: token },
];

function token(world: World, call: Call): object {
  const form = new URLSearchParams(call.bytes.toString("utf8"));
  if (form.get("grant_type") !== "client_credentials") return oauthError(400, "unsupported_grant_type");
  const { id, secret } = clientOf(call, form);
  const principal = world.directory.find(id);
  if (!principal?.secrets.includes(secret)) return oauthError(401, "invalid_client");
  const lifetime = world.options.tokenLifetimeSeconds;
  const text = `fake-oauth-${hexOf(`${id}/${world.count()}/${world.options.seed}`)}`;
  world.directory.addToken(text, principal.userName, lifetime);
  return { access_token: text, scope: form.get("scope") ?? "all-apis", token_type: "Bearer", expires_in: lifetime };
}

/** Client id and secret, of the Basic header or else of the form. @throws ApiError 401 when there are none */
function clientOf(call: Call, form: URLSearchParams): { id: string; secret: string } {
  const basic = /^Basic (.+)$/i.exec(String(call.headers.authorization ?? ""))?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, "base64").toString().split(/:(.*)/s).slice(0, 2).map(decodeURIComponent)
    : [form.get("client_id"), form.get("client_secret")];
  if (!id || !secret) throw new ApiError(401, "invalid_client", "Client authentication failed");
  return { id, secret };
}

/** Errors of the token endpoint have the body of RFC 6749. */
function oauthError(status: number, error: string): Reply {
  const body = JSON.stringify({ error, error_description: "Client authentication failed" });
  return new Reply(status, body, { "content-type": "application/json" });
}
