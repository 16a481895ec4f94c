/** Permissions API 2.0, for jobs. */
import type { JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";

/** See {@link permissionsApi}. */
export interface PermissionsApi {
  /** Entries as the service shows them: a principal and its `all_permissions`. */
  get(jobId: string, patience?: AbortSignal): Promise<JsonObject[]>;
  /** Replaces all direct permissions; exactly one `IS_OWNER` is needed. */
  set(jobId: string, list: JsonObject[], patience?: AbortSignal): Promise<void>;
}

/** The calls on a job's permissions (Databricks Permissions API reference). */
export function permissionsApi(connection: Connection): PermissionsApi {
  const path = (jobId: string) => `/api/2.0/permissions/jobs/${jobId}`;
  return {
    get: async (jobId, patience) => {
      const grant = `CAN_MANAGE on job ${jobId}`;
      const answer = await connection.json({ method: "GET", path: path(jobId), safe: true, grant, patience });
      return (answer.access_control_list ?? []) as JsonObject[];
    },
    set: async (jobId, access_control_list, patience) => {
      const grant = `CAN_MANAGE on job ${jobId} (IS_OWNER to change its owner)`;
      const json = { access_control_list };
      await connection.json({ method: "PUT", path: path(jobId), json, safe: true, grant, patience });
    },
  };
}
