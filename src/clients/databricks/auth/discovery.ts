/** Where a workspace's tokens come from: asked of the workspace itself. */
import { isObject, type JsonObject } from "../../../util/json.ts";
import { HttpFailure } from "../../http/failure.ts";
import type { HttpClient } from "../../http/http-client.ts";

/**
 * The token endpoint of a workspace: by `/oidc/.well-known/oauth-authorization-server` (`token_endpoint`, RFC 8414), else
 * by `/.well-known/databricks-config` (`oidc_endpoint`), else `/oidc/v1/token`.
 * Only an endpoint on https or on the workspace's own host is believed: secrets are sent to it.
 * @throws HttpFailure when the workspace cannot be reached at all
 */
export async function findTokenEndpoint(http: HttpClient, host: string): Promise<string> {
  const server = await readWellKnown(http, `${host}/oidc/.well-known/oauth-authorization-server`);
  const endpoint = textOf(server?.token_endpoint);
  if (endpoint !== undefined && trusted(endpoint, host)) return endpoint;
  const config = await readWellKnown(http, `${host}/.well-known/databricks-config`);
  const base = textOf(config?.oidc_endpoint)?.replace(/\/+$/, "");
  // Account-level endpoints hold `{account_id}`; a workspace's own one does not.
  if (base !== undefined && !base.includes("{") && trusted(base, host)) return `${base}/v1/token`;
  return `${host}/oidc/v1/token`;
}

/** A well-known document, or undefined where the host has none. */
export async function readWellKnown(http: HttpClient, url: string): Promise<JsonObject | undefined> {
  try {
    const { body } = await http.json({ method: "GET", url, safe: true, timeoutMs: 20_000 });
    return isObject(body) ? body : undefined;
  } catch (error) {
    if (error instanceof HttpFailure && error.code !== "unavailable" && error.code !== "interrupted") return undefined;
    throw error;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function trusted(endpoint: string, host: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  return url.protocol === "https:" || url.origin === new URL(host).origin;
}
