/** One Databricks workspace as a client: what the composition root opens. */
import { createHttpClient, type HttpClient, type HttpClientOptions } from "../http/http-client.ts";
import type { Credentials } from "./auth/credentials.ts";
import { openConnection } from "./connection.ts";
import { type FilesApi, filesApi } from "./files.ts";
import { type IdentityApi, identityApi } from "./identity.ts";
import { type InventoryApi, inventoryApi } from "./inventory.ts";
import { type JobsApi, jobsApi } from "./jobs.ts";
import { type PermissionsApi, permissionsApi } from "./permissions.ts";
import { type QueriesApi, queriesApi } from "./queries.ts";
import { type RunsApi, runsApi } from "./runs.ts";
import { type StatementsApi, statementsApi } from "./statements.ts";
import { type VolumesApi, volumesApi } from "./volumes.ts";

/** What {@link openDatabricks} takes. */
export interface DatabricksOptions extends Omit<HttpClientOptions, "perSecond"> {
  /** `https://…` of the workspace. */
  host: string;
  /** Credentials, or a maker for kinds that fetch their tokens through this client's own HTTP. */
  credentials: Credentials | ((http: HttpClient) => Credentials);
  /** Requests a second (`DATABRICKS_RATE_LIMIT`; default 15). */
  rateLimit?: number | undefined;
}

/** A workspace's API, wire shapes. */
export interface DatabricksClient {
  readonly host: string;
  readonly jobs: JobsApi;
  readonly runs: RunsApi;
  readonly permissions: PermissionsApi;
  readonly files: FilesApi;
  readonly volumes: VolumesApi;
  readonly inventory: InventoryApi;
  readonly queries: QueriesApi;
  readonly statements: StatementsApi;
  readonly identity: IdentityApi;
  /** Service time minus machine time in milliseconds by the last answer (0 before the first). */
  clockSkew(): number;
}

/** Opens a client; nothing is sent before the first call. */
export function openDatabricks(options: DatabricksOptions): DatabricksClient {
  const { credentials, rateLimit, ...httpOptions } = options;
  const http = createHttpClient({ ...httpOptions, perSecond: rateLimit });
  const connection = openConnection({
    host: options.host,
    http,
    credentials: typeof credentials === "function" ? credentials(http) : credentials,
  });
  return {
    host: connection.host,
    jobs: jobsApi(connection),
    runs: runsApi(connection),
    permissions: permissionsApi(connection),
    files: filesApi(connection),
    volumes: volumesApi(connection),
    inventory: inventoryApi(connection),
    queries: queriesApi(connection),
    statements: statementsApi(connection, options.clock),
    identity: identityApi(connection, http),
    clockSkew: connection.clockSkew,
  };
}
