/** Tokens of an Entra application: by secret or by certificate, client credentials grant of the v2 endpoint. */
import { rememberSecret } from "../../util/redact.ts";
import { HttpFailure } from "../http/failure.ts";
import type { HttpClient } from "../http/http-client.ts";
import type { Token } from "../http/token-cache.ts";
import { type Certificate, signAssertion } from "./assertion.ts";
import { tokenFrom } from "./token-answer.ts";

/** An application and how it proves itself. */
export interface EntraApplication {
  /** `https://login.microsoftonline.com`. */
  authority: string;
  tenant: string;
  clientId: string;
  proof: { secret: string } | { certificate: Certificate };
}

/** What to do about Entra's refusals (Microsoft identity platform, "authentication and authorization error codes"). */
const HINTS: Readonly<Record<string, string>> = {
  AADSTS7000215: "the client secret is wrong: give the secret's value, not its id",
  AADSTS7000222: "the client secret has expired: make a new one for the application in Entra",
  AADSTS700016: "there is no such application in this tenant: check clientId and tenant",
  AADSTS700027: "the certificate is not the application's: upload its public part in Entra, and check the thumbprint",
  AADSTS90002: "there is no such tenant: check tenant, and the authority of your cloud",
  AADSTS50196: "Entra sees the same request too often: wait some minutes",
  AADSTS500011: "the resource is unknown in this tenant: check resource",
};

/**
 * Fetches a token.
 * @param resource without `/.default`
 * @param once a value that was never used before, and the time in epoch milliseconds
 * @throws HttpFailure `unauthorized` with a hint for a refusal, `unavailable` where Entra does not answer
 */
export async function entraToken(
  http: HttpClient,
  { authority, tenant, clientId, proof }: EntraApplication,
  resource: string,
  once: { id: string; now: number },
): Promise<Token> {
  const url = `${authority.replace(/\/+$/, "")}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
  const form: Record<string, string> = {
    grant_type: "client_credentials",
    client_id: clientId,
    // A resource that ends in a slash keeps it: `…windows.net//.default` is right.
    scope: `${resource}/.default`,
  };
  if ("secret" in proof) {
    rememberSecret(proof.secret);
    form.client_secret = proof.secret;
  } else {
    const assertion = signAssertion(proof.certificate, { clientId, audience: url, ...once });
    rememberSecret(assertion);
    form.client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    form.client_assertion = assertion;
  }
  try {
    const { body } = await http.json({ method: "POST", url, form, safe: true });
    return tokenFrom(body, once.now);
  } catch (error) {
    if (!(error instanceof HttpFailure) || ![400, 401].includes(error.facts.status ?? 0)) throw error;
    const hint = HINTS[error.facts.errorCode ?? ""];
    throw new HttpFailure("unauthorized", error.facts, {
      hint: hint ?? `Entra refused the application ${clientId} of tenant ${tenant}`,
      cause: error,
    });
  }
}
