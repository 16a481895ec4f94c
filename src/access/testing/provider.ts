/** An identity provider for tests: real keys, real tokens, its discovery document and its keys over HTTP. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** A provider that runs. */
export interface TestProvider {
  issuer: string;
  /** How often its keys were read. */
  reads: () => number;
  /** A token with these claims; issuer, and an end in an hour, are added where they are not among them. */
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  /** From now on it signs with a new key, and publishes that alone. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

const NOW_S = () => Math.floor(Date.now() / 1_000);

/** Starts one on a free port of this machine. `claimed`: the issuer its discovery document names instead of its own. */
export async function startProvider({ claimed }: { claimed?: string } = {}): Promise<TestProvider> {
  let round = 0;
  let pair = await generateKeyPair("ES256", { extractable: true });
  let reads = 0;
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.url === "/tenant/.well-known/openid-configuration") {
      response.end(JSON.stringify({ issuer: claimed ?? issuer, jwks_uri: `${issuer}/keys` }));
    } else if (request.url === "/tenant/keys") {
      reads += 1;
      const key = { ...(await exportJWK(pair.publicKey)), kid: `k${round}`, alg: "ES256", use: "sig" };
      response.end(JSON.stringify({ keys: [key] }));
    } else response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`;
  return {
    issuer,
    reads: () => reads,
    sign: (claims, header = {}) =>
      new SignJWT({ iss: issuer, exp: NOW_S() + 3_600, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: `k${round}`, ...header })
        .sign(pair.privateKey),
    async rotate() {
      pair = await generateKeyPair("ES256", { extractable: true });
      round += 1;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
