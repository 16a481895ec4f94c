/** Who we are, and which workspace this is. */
import { HeadgateError } from "../../errors.ts";
import type { JsonObject } from "../../util/json.ts";
import type { HttpClient } from "../http/http-client.ts";
import { readWellKnown } from "./auth/discovery.ts";
import type { Connection } from "./connection.ts";

/** See {@link identityApi}. */
export interface IdentityApi {
  /** SCIM `Me`: `{id, userName, displayName?}`; for a service principal `userName` is its application id. Read once. */
  me(): Promise<JsonObject>;
  /** Decimal text: off the `x-databricks-org-id` of any answer, else off `/.well-known/databricks-config`. */
  workspaceId(): Promise<string>;
}

/** The two questions, each answered once a connection. */
export function identityApi(connection: Connection, http: HttpClient): IdentityApi {
  const me = once(() =>
    connection.json({
      method: "GET",
      path: "/api/2.0/preview/scim/v2/Me",
      safe: true,
      grant: "workspace access (entitlement workspace-access)",
    }),
  );
  const workspaceId = once(async () => {
    if (connection.seenWorkspaceId() === undefined) await me();
    const seen = connection.seenWorkspaceId();
    if (seen !== undefined) return seen;
    const config = await readWellKnown(http, `${connection.host}/.well-known/databricks-config`);
    const told = config?.workspace_id;
    if (typeof told === "string" || typeof told === "number" || typeof told === "bigint") return String(told);
    throw new HeadgateError("remote_error", `${connection.host} does not tell its workspace id`, {
      hint: "Check the host: it must be the URL of a workspace, not of the account console or a proxy.",
    });
  });
  return { me, workspaceId };
}

/** Remembers the first good answer; a failed one is asked again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
