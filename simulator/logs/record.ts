/** Writes a request as the line of an Azure resource log (Azure Monitor: StorageBlobLogs, resource logs of Blob Storage). */
import type { Random } from "../random.ts";
import { encodePath, type Request } from "../request.ts";
import type { Account, World } from "../world.ts";
import type { Sender } from "./sender.ts";

/** `StorageRead`, `StorageWrite`, `StorageDelete`. */
export type Category = "StorageRead" | "StorageWrite" | "StorageDelete";

/** The category of an operation. */
export function categoryOf(operation: string): Category {
  if (operation.startsWith("Delete")) return "StorageDelete";
  return /^(Create|Append|Flush|Rename|Set|Put)/.test(operation) ? "StorageWrite" : "StorageRead";
}

const TEXTS: Record<string, { text: string; metric: string }> = {
  "403": { text: "AuthorizationPermissionMismatch", metric: "AuthorizationError" },
  "404": { text: "PathNotFound", metric: "ClientOtherError" },
  "409": { text: "PathAlreadyExists", metric: "ClientOtherError" },
  "500": { text: "OperationTimedOut", metric: "ServerTimeoutError" },
  "503": { text: "ServerBusy", metric: "ServerBusyError" },
  Unknown: { text: "ClientTimeoutError", metric: "ClientOtherError" },
};

/** `/subscriptions/…/blobServices/default`. */
export const resourceOf = (world: World, account: Account, service = "blob"): string =>
  `/subscriptions/${world.subscription}/resourceGroups/${account.resourceGroup}/providers/Microsoft.Storage/storageAccounts/${account.name}/${service}Services/default`;

/** ISO time with the seven digits of the logs. */
const loggedTime = (time: number, random: Random): string =>
  `${new Date(time).toISOString().slice(0, 23)}${String(10_000 + random.int(10_000)).slice(1)}Z`;

/** A member of a JSON object, with the comma after it: the parts that many lines share are written once. */
const member = (name: string, value: string | number | object): string => `"${name}":${JSON.stringify(value)},`;

const SAS = "sv=2023-11-03&spr=https&skoid=XXXXX&sr=c&sp=racwdl&sig=XXXXX";

function identityOf(
  world: World,
  { identity, principal }: Sender,
  category: Category,
  guidOf: (text: string) => string,
) {
  if (identity === "Anonymous" || identity === "TrustedAccess") return { type: identity };
  const tokenHash = guidOf(`token/${principal}`).replaceAll("-", "").toUpperCase().repeat(2);
  if (identity !== "OAuth") return { type: identity, tokenHash };
  const objectId = guidOf(`object/${principal}`);
  const action = { StorageRead: "read", StorageWrite: "write", StorageDelete: "delete" }[category];
  return {
    type: identity,
    tokenHash,
    authorization: [
      {
        action: `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
        roleAssignmentId: guidOf(`role/${principal}`),
        roleDefinitionId: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        principals: [{ id: objectId, type: "ServicePrincipal" }],
        denyAssignmentId: "",
        type: "RBAC",
        result: "Granted",
        reason: "",
      },
    ],
    requester: {
      appId: guidOf(`app/${principal}`),
      audience: "https://storage.azure.com/",
      objectId,
      tenantId: world.tenant,
      tokenIssuer: `https://sts.windows.net/${world.tenant}/`,
    },
  };
}

/** Seven parts: correlation, request, file system, primary request, stream, operation, retry (Hadoop: TracingContext, ALL_ID_FORMAT). */
function requestId({ prefix, random, fileSystem, guest }: Sender, request: Request, retry: number): string | undefined {
  if (prefix === undefined) return guest === "scanner" || guest === "crawler" ? undefined : random.guid();
  const correlation = `${prefix}--${random.between(1, 12)}--${random.between(0, 120)}--${random.between(0, 8)}`;
  const { code = "", stream = "" } = request;
  const primary = code === "LS" || code === "RN" || ((code === "CR" || code === "WR") && random.chance(0.5));
  return `${correlation}:${random.guid()}:${fileSystem}:${primary ? random.guid() : ""}:${stream}:${code}:${retry}`;
}

function uriOf({ folder, path, query, endpoint }: Request, sender: Sender): string {
  if (endpoint === "queue") return `https://${folder.account}.queue.core.windows.net/housekeeping/messages?${query}`;
  const parts = [
    query,
    sender.prefix === undefined ? "" : "timeout=90",
    sender.identity === "DelegationSAS" ? SAS : "",
  ];
  const asked = parts.filter((part) => part !== "").join("&");
  const at = path === "" ? "" : `/${encodePath(path)}`;
  return `https://${folder.account}.${endpoint ?? "dfs"}.core.windows.net/${folder.container}${at}${asked === "" ? "" : `?${asked}`}`;
}

/** Writes lines of one world. @param guidOf a lasting id for a text: of a principal, a role */
export function recordWriter(world: World, guidOf: (text: string) => string) {
  const resources = new Map<string, string>();
  const identities = new Map<string, string>();
  const location = member("location", world.region);
  for (const account of world.accounts) {
    for (const service of ["blob", "queue"]) {
      resources.set(`${account.name}/${service}`, member("resourceId", resourceOf(world, account, service)));
    }
  }
  return (time: number, request: Request, sender: Sender, retry: number): string => {
    const { random } = sender;
    const category = categoryOf(request.operation);
    const key = `${sender.principal}/${sender.identity}/${category}`;
    const identity = identities.get(key) ?? member("identity", identityOf(world, sender, category, guidOf));
    identities.set(key, identity);
    const failure = TEXTS[String(request.status)];
    const failed = failure !== undefined;
    const latency = random.between(2, 19);
    const service = request.endpoint === "queue" ? "queue" : "blob";
    const decoded = request.path === "" ? "" : `/${request.path}`;
    const properties = {
      accountName: request.folder.account,
      userAgentHeader: sender.agent,
      clientRequestId: requestId(sender, request, retry),
      etag: failed ? undefined : `"0x8D${random.hex(12).toUpperCase()}"`,
      serviceType: service,
      objectKey: `/${request.folder.account}/${request.folder.container}${decoded}`,
      metricResponseType: failed ? failure.metric : "Success",
      serverLatencyMs: latency,
      requestHeaderSize: random.between(420, 940),
      requestBodySize: request.sent,
      responseHeaderSize: random.between(210, 470),
      responseBodySize: failed ? undefined : request.received,
      contentLengthHeader: category === "StorageWrite" ? (request.sent ?? 0) : undefined,
      conditionsUsed:
        request.condition === "If-Match" ? `If-Match=0x8D${random.hex(12).toUpperCase()}` : request.condition,
      downloadRange: request.range,
      tlsVersion: "TLS 1.2",
      accessTier: request.operation === "ReadFile" ? "Hot" : undefined,
    };
    const status = typeof request.status === "number" ? request.status : `"${request.status}"`;
    const text = failed ? failure.text : sender.identity === "SAS" ? "SASSuccess" : "Success";
    const version = request.code === undefined ? "2021-12-02" : "2019-12-12";
    const address = `${random.pick(sender.addresses)}:${random.between(20_000, 60_000)}`;
    const correlation = `${random.hex(8)}-${random.hex(4)}-00${random.hex(2)}-${random.hex(4)}-${random.hex(6)}000000`;
    return (
      `{"time":"${loggedTime(time, random)}",${resources.get(`${request.folder.account}/${service}`)}` +
      `"category":"${category}","operationName":"${request.operation}","operationVersion":"${version}",` +
      `"schemaVersion":"1.0","statusCode":${status},"statusText":"${text}","durationMs":${latency + random.int(8)},` +
      `"callerIpAddress":"${address}","correlationId":"${correlation}",${identity}${location}` +
      `${member("properties", properties)}${member("uri", uriOf(request, sender))}` +
      `"protocol":"HTTPS","resourceType":"Microsoft.Storage/storageAccounts/${service}Services"}`
    );
  };
}
