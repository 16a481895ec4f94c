/**
 * A fake of where Azure's tokens come from: Entra's token endpoint (`/{tenant}/oauth2/v2.0/token`), the metadata service of
 * virtual machines (`/metadata/identity/oauth2/token`) and App Service's endpoint (`/msi/token`).
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FakeApplication, judgeLogin } from "./login.ts";

/** A token that was given. */
export interface IssuedToken {
  token: string;
  clientId: string;
  resource: string;
  lifetimeSeconds: number;
}

/** What the fake is made of. */
export interface FakeAzureOptions {
  /** Applications by tenant. */
  tenants?: Record<string, FakeApplication[]>;
  /** Managed identities of the machine; the first is its own. */
  identities?: { clientId: string }[];
  /** Value that App Service's endpoint wants in `X-IDENTITY-HEADER`. */
  identityHeader?: string;
  /** Default 3600 for applications; managed identities get a day, as from the real service. */
  lifetimeSeconds?: number;
  /** Told of every token, so that a fake of a service can accept it. */
  onToken?: (issued: IssuedToken) => void;
}

/** A running fake. */
export interface FakeAzure {
  /** `http://127.0.0.1:PORT`: stands for login.microsoftonline.com. */
  readonly url: string;
  /** Address of the metadata service. */
  readonly metadataUrl: string;
  /** Every request: method, path with query, form fields by name only (values may be secrets). */
  readonly requests: { method: string; path: string; fields: string[] }[];
  /** Answers the next requests so, one each; `drop` closes the connection. */
  failNext(...answers: ({ status: number; retryAfter?: number } | "drop")[]): void;
  close(): Promise<void>;
}

const DAY = 86_400;

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** Starts the fake on a free port of the loopback address. */
export async function startFakeAzure(options: FakeAzureOptions = {}): Promise<FakeAzure> {
  const { tenants = {}, identities = [], identityHeader = "fake-identity-header", lifetimeSeconds = 3_600 } = options;
  const requests: FakeAzure["requests"] = [];
  const faults: ({ status: number; retryAfter?: number } | "drop")[] = [];
  const used = new Set<string>();
  let url = "";

  function issue(clientId: string, resource: string, lifetime: number): IssuedToken {
    const issued = { token: `entra-${randomUUID()}`, clientId, resource, lifetimeSeconds: lifetime };
    options.onToken?.(issued);
    return issued;
  }

  function metadata(query: URLSearchParams, known: boolean): { status: number; body: object } {
    const bad = (text: string) => ({ status: 400, body: { error: "invalid_request", error_description: text } });
    if (!known) return bad("Required metadata header not specified");
    const resource = query.get("resource");
    if (query.get("api-version") === null || resource === null) return bad("api-version and resource are required");
    const wanted = query.get("client_id");
    const identity = wanted === null ? identities[0] : identities.find((one) => one.clientId === wanted);
    if (identity === undefined) return bad("Identity not found");
    const { token } = issue(identity.clientId, resource, DAY);
    // The real service writes its numbers as text.
    const body = {
      access_token: token,
      client_id: identity.clientId,
      expires_in: String(DAY),
      expires_on: String(Math.floor(Date.now() / 1_000) + DAY),
      resource,
      token_type: "Bearer",
    };
    return { status: 200, body };
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(request.url ?? "/", url);
    const form = new URLSearchParams(request.method === "POST" ? await readText(request) : "");
    requests.push({ method: request.method ?? "", path: pathname + search, fields: [...form.keys()] });
    const fault = faults.shift();
    if (fault === "drop") return void request.socket.destroy();
    if (fault !== undefined) {
      const after: Record<string, string> =
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      return send(response, fault.status, { error: "temporarily_unavailable" }, after);
    }
    const byMachine = pathname === "/metadata/identity/oauth2/token";
    if (byMachine || pathname === "/msi/token") {
      const { metadata: flag, "x-identity-header": key } = request.headers;
      const known = byMachine ? flag?.toString().toLowerCase() === "true" : key === identityHeader;
      const { status, body } = metadata(searchParams, known);
      return send(response, status, body);
    }
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(pathname)?.[1];
    if (tenant === undefined || request.method !== "POST") return send(response, 404, { error: "not_found" });
    const login = judgeLogin(tenants[decodeURIComponent(tenant)], form, url + pathname, used);
    if ("error" in login) {
      const id = randomUUID();
      return send(response, login.error === "invalid_client" ? 401 : 400, {
        error: login.error,
        error_description: `AADSTS${login.code}: ${login.text} Trace ID: ${id} Correlation ID: ${id}`,
        error_codes: [login.code],
        trace_id: id,
        correlation_id: id,
      });
    }
    const { token } = issue(login.clientId, login.resource, lifetimeSeconds);
    send(response, 200, {
      token_type: "Bearer",
      expires_in: lifetimeSeconds,
      ext_expires_in: lifetimeSeconds,
      access_token: token,
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { error: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    metadataUrl: `${url}/metadata/identity/oauth2/token`,
    requests,
    failNext: (...answers) => void faults.push(...answers),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
