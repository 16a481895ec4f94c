/** Credentials that are tokens of Microsoft Entra: an application with secret or certificate, a managed identity, the Azure CLI. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../../../util/clock.ts";
import { type Certificate, readCertificate } from "../../azure/assertion.ts";
import { azureCliToken } from "../../azure/azure-cli.ts";
import { DATABRICKS_RESOURCE, loginHostOf, MANAGEMENT_RESOURCE } from "../../azure/cloud.ts";
import { entraToken } from "../../azure/entra.ts";
import { managedIdentityToken } from "../../azure/managed-identity.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { openTokenCache, type Token } from "../../http/token-cache.ts";
import { type Credentials, REGISTER_PRINCIPAL } from "./credentials.ts";

interface Common {
  resource?: string | undefined;
  workspaceResourceId?: string | undefined;
}

/** How to sign in through Azure, secrets filled in. */
export type AzureWish = Common &
  (
    | { kind: "spn-key"; tenant: string; clientId: string; clientSecret: string; authority?: string | undefined }
    | {
        kind: "spn-cert";
        tenant: string;
        clientId: string;
        thumbprint: string;
        privateKeyFile: string;
        privateKeyPassphrase?: string | undefined;
        authority?: string | undefined;
      }
    | { kind: "msi"; clientId?: string | undefined; endpoint?: string | undefined }
    | { kind: "azure-cli"; tenant?: string | undefined; subscription?: string | undefined }
  );

interface Surroundings {
  host: string;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
}

/** What fetches a token for a resource. */
type Fetcher = (resource: string) => Promise<Token>;

function fetcherOf(
  wish: AzureWish,
  certificate: Certificate | undefined,
  http: HttpClient,
  { host, clock, env }: Surroundings,
): Fetcher {
  if (wish.kind === "msi") return (resource) => managedIdentityToken(http, wish, resource, { env, clock });
  if (wish.kind === "azure-cli") return (resource) => azureCliToken(wish, resource, { env, now: () => clock.now() });
  const application = {
    authority: wish.authority ?? loginHostOf(host),
    tenant: wish.tenant,
    clientId: wish.clientId,
    proof: wish.kind === "spn-key" ? { secret: wish.clientSecret } : { certificate: certificate as Certificate },
  };
  return (resource) => entraToken(http, application, resource, { id: randomUUID(), now: clock.now() });
}

/**
 * Credentials of an Azure kind, as a maker that gets the client's own HTTP. Tokens are kept until five minutes before
 * their end. With `workspaceResourceId` two more headers let in a principal that Azure knows and the workspace does not
 * yet (Azure Databricks docs, "Microsoft Entra service principal access tokens").
 * @throws HeadgateError `config_invalid` for a key file or thumbprint that cannot be used
 */
export async function openAzureCredentials(
  wish: AzureWish,
  surroundings: Surroundings,
): Promise<(http: HttpClient) => Credentials> {
  const certificate =
    wish.kind === "spn-cert"
      ? await readCertificate({
          file: wish.privateKeyFile,
          thumbprint: wish.thumbprint,
          passphrase: wish.privateKeyPassphrase,
        })
      : undefined;
  const who = "clientId" in wish && wish.clientId !== undefined ? ` ${wish.clientId}` : "";
  const servicePrincipal = wish.kind !== "azure-cli";
  const refusedHint = servicePrincipal
    ? `Entra gave a token (auth kind ${wish.kind}), but the workspace does not know the principal${who}: ${REGISTER_PRINCIPAL}.`
    : "The Azure CLI gave a token, but the workspace does not know its user: ask an admin to add you, or run az login as somebody else.";

  return (http) => {
    const fetchToken = fetcherOf(wish, certificate, http, surroundings);
    const { clock } = surroundings;
    const cache = openTokenCache(clock, () => fetchToken(wish.resource ?? DATABRICKS_RESOURCE));
    const management =
      wish.workspaceResourceId === undefined
        ? undefined
        : { id: wish.workspaceResourceId, cache: openTokenCache(clock, () => fetchToken(MANAGEMENT_RESOURCE)) };
    return {
      kind: wish.kind,
      refusedHint,
      servicePrincipal,
      async authorize() {
        const headers: Record<string, string> = { authorization: `Bearer ${await cache.get()}` };
        if (management !== undefined) {
          headers["x-databricks-azure-workspace-resource-id"] = management.id;
          headers["x-databricks-azure-sp-management-token"] = await management.cache.get();
        }
        return headers;
      },
      invalidate(headers) {
        cache.drop(headers.authorization?.slice("Bearer ".length) ?? "");
        management?.cache.drop(headers["x-databricks-azure-sp-management-token"] ?? "");
        return true;
      },
    };
  };
}
