/** Tokens of a managed identity: from the metadata service of a virtual machine, or from the endpoint of App Service. */
import type { Clock } from "../../util/clock.ts";
import { rememberSecret } from "../../util/redact.ts";
import { retry } from "../../util/retry.ts";
import type { HttpCall } from "../http/call.ts";
import { HttpFailure } from "../http/failure.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { Token } from "../http/token-cache.ts";
import { tokenFrom } from "./token-answer.ts";

/** Azure Instance Metadata Service: link-local, the same on every machine. */
const METADATA = "http://169.254.169.254/metadata/identity/oauth2/token";

/** Which identity, and where to ask. */
export interface ManagedIdentity {
  /** Of a user-assigned identity; without it the machine's own. */
  clientId?: string | undefined;
  /** Another address of the metadata service, with or without `?api-version=`. */
  endpoint?: string | undefined;
}

/** While an identity is set up or changed the service answers so, for up to 70 seconds. */
const PASSING = [404, 410];
const PATIENCE_MS = 70_000;

function callOf({ clientId, endpoint }: ManagedIdentity, resource: string, env: Env): HttpCall {
  const { IDENTITY_ENDPOINT: appService, IDENTITY_HEADER: key } = env;
  const byAppService = endpoint === undefined && appService !== undefined && key !== undefined;
  if (byAppService) rememberSecret(key);
  const address = new URL(endpoint ?? (byAppService ? appService : METADATA));
  const version = address.searchParams.get("api-version") ?? (byAppService ? "2019-08-01" : "2018-02-01");
  return {
    method: "GET",
    url: address.origin + address.pathname,
    query: { "api-version": version, resource, client_id: clientId },
    headers: byAppService ? { "x-identity-header": key } : { metadata: "true" },
    // Off Azure the address answers nothing: nobody is to wait for it.
    timeoutMs: 3_000,
    safe: false,
  };
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Fetches a token. Must not go through a proxy; `fetch` of Node 20 uses none.
 * @throws HttpFailure `unauthorized` where the machine has no such identity, `unavailable` where nothing answers
 */
export async function managedIdentityToken(
  http: HttpClient,
  identity: ManagedIdentity,
  resource: string,
  { env, clock }: { env: Env; clock: Clock },
): Promise<Token> {
  const call = callOf(identity, resource, env);
  try {
    const { body } = await retry(() => http.json(call), {
      clock,
      totalMs: PATIENCE_MS,
      judge: (error) => ({ again: error instanceof HttpFailure && PASSING.includes(error.facts.status ?? 0) }),
    });
    return tokenFrom(body, clock.now());
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    if (error.facts.status === undefined) {
      throw new HttpFailure("unavailable", error.facts, {
        hint: "auth kind msi works only inside an Azure resource that has a managed identity",
        cause: error,
      });
    }
    if (![400, 401, 403, ...PASSING].includes(error.facts.status)) throw error;
    const whose = identity.clientId === undefined ? "an identity" : `the identity ${identity.clientId}`;
    throw new HttpFailure("unauthorized", error.facts, {
      hint: `this machine does not have ${whose}: assign it in Azure, or check clientId`,
      cause: error,
    });
  }
}
