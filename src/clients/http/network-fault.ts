/** What a thrown `fetch` says about the network: the system's code, and whether anything was sent. */

const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const CERTIFICATE = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/;

/** The system's code (`ECONNRESET`) of an error or of the first cause that has one. */
export function networkCodeOf(error: unknown): string | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 5; depth++) {
    if ("code" in inner && typeof inner.code === "string") return inner.code;
    inner = inner instanceof AggregateError && inner.cause === undefined ? inner.errors[0] : inner.cause;
  }
  return undefined;
}

/** True when the connection was not even made: the server cannot have seen the call. */
export function neverSent(network: string): boolean {
  return NEVER_SENT.has(network) || isCertificateFault(network);
}

/** True for a certificate the machine does not trust: no repeat helps. */
export function isCertificateFault(network: string): boolean {
  return CERTIFICATE.test(network);
}
