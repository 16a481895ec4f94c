/** The token endpoint of Microsoft Entra: proofs of applications, checked as the real one does. */
import { constants, type KeyObject, verify } from "node:crypto";

/** An application of a tenant. */
export interface FakeApplication {
  clientId: string;
  secrets?: string[];
  /** Secrets that were good once. */
  expiredSecrets?: string[];
  /** Registered certificates: public key, and thumbprint in hex (40 or 64 digits). */
  certificates?: { publicKey: KeyObject; thumbprint: string }[];
}

/** A refusal as Entra words it. */
export interface Refusal {
  error: string;
  code: number;
  text: string;
}

const refuse = (error: string, code: number, text: string): Refusal => ({ error, code, text });
const BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const TEN_MINUTES = 600;

interface Claims {
  aud?: unknown;
  iss?: unknown;
  sub?: unknown;
  jti?: unknown;
  nbf?: unknown;
  exp?: unknown;
}

function checkAssertion(
  application: FakeApplication,
  assertion: string,
  endpoint: string,
  used: Set<string>,
): Refusal | undefined {
  const [head = "", body = "", signature = ""] = assertion.split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
  let header: Record<string, unknown>;
  let claims: Claims;
  try {
    header = read(head);
    claims = read(body) as Claims;
  } catch {
    return refuse("invalid_client", 50027, "JWT token is invalid or malformed.");
  }
  const named = header.x5t ?? header["x5t#S256"];
  const certificate = application.certificates?.find(
    ({ thumbprint }) => Buffer.from(thumbprint, "hex").toString("base64url") === named,
  );
  const bad = (why: string) => refuse("invalid_client", 700027, `The certificate with identifier ${named}: ${why}.`);
  if (certificate === undefined) return bad("the key was not found");
  const pss = header.alg === "PS256";
  if (!pss && header.alg !== "RS256") return bad(`algorithm ${header.alg}`);
  const key = {
    key: certificate.publicKey,
    ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
  };
  if (!verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) {
    return bad("the signature is not the key's");
  }
  const now = Date.now() / 1_000;
  const { nbf, exp, jti } = claims;
  if (claims.aud !== endpoint)
    return refuse("invalid_client", 700023, "Client assertion audience claim does not match.");
  if (claims.iss !== application.clientId || claims.sub !== application.clientId) {
    return refuse("invalid_client", 700021, "Client assertion application identifier doesn't match 'client_id'.");
  }
  if (typeof exp !== "number" || typeof nbf !== "number" || exp < now - 300 || nbf > now + 300) {
    return refuse("invalid_client", 700024, "Client assertion is not within its valid time range.");
  }
  if (exp - nbf > TEN_MINUTES) return refuse("invalid_client", 700024, "Client assertion lives too long.");
  if (typeof jti !== "string" || used.has(jti))
    return refuse("invalid_client", 50027, "The assertion was used before.");
  used.add(jti);
  return undefined;
}

/**
 * Judges a request for a token.
 * @param applications of the tenant; undefined = there is no such tenant
 * @returns the resource that the token is for, or the refusal
 */
export function judgeLogin(
  applications: readonly FakeApplication[] | undefined,
  form: URLSearchParams,
  endpoint: string,
  used: Set<string>,
): { clientId: string; resource: string } | Refusal {
  if (applications === undefined) return refuse("invalid_request", 90002, "Tenant not found.");
  if (form.get("grant_type") !== "client_credentials") {
    return refuse("unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
  }
  const clientId = form.get("client_id") ?? "";
  const application = applications.find((one) => one.clientId === clientId);
  if (application === undefined) {
    return refuse("unauthorized_client", 700016, `Application with identifier '${clientId}' was not found.`);
  }
  const scope = form.get("scope") ?? "";
  if (!scope.endsWith("/.default")) return refuse("invalid_scope", 1002012, `The scope ${scope} is not valid.`);
  const secret = form.get("client_secret");
  if (secret !== null) {
    if (application.expiredSecrets?.includes(secret)) {
      return refuse("invalid_client", 7000222, "The provided client secret keys are expired.");
    }
    if (!application.secrets?.includes(secret))
      return refuse("invalid_client", 7000215, "Invalid client secret provided.");
  } else {
    if (form.get("client_assertion_type") !== BEARER) {
      return refuse("invalid_client", 7000218, "The request body must contain 'client_assertion' or 'client_secret'.");
    }
    const refused = checkAssertion(application, form.get("client_assertion") ?? "", endpoint, used);
    if (refused !== undefined) return refused;
  }
  return { clientId, resource: scope.slice(0, -"/.default".length) };
}
