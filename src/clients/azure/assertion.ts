/** The signed statement by which a certificate stands in for a secret (RFC 7523; Microsoft identity platform, "certificate credentials"). */
import { constants, createPrivateKey, type KeyObject, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { HeadgateError } from "../../errors.ts";
import { rememberSecret } from "../../util/redact.ts";

/** A certificate that was registered for an application: its private key, and the hash by which it is named. */
export interface Certificate {
  key: KeyObject;
  /** Bytes of the thumbprint: 20 (SHA-1) or 32 (SHA-256). */
  thumbprint: Buffer;
}

const LIFE_SECONDS = 600;

/**
 * A certificate from a key file and a thumbprint in hex, with or without colons; 40 digits are SHA-1, 64 SHA-256.
 * @param file PEM, PKCS#8 or PKCS#1
 * @throws HeadgateError `config_invalid` for a file that cannot be read or is no private key, or a thumbprint that is none
 */
export async function readCertificate(options: {
  file: string;
  thumbprint: string;
  passphrase?: string | undefined;
}): Promise<Certificate> {
  const { file, passphrase } = options;
  const hex = options.thumbprint.replace(/[\s:\u200e]/g, "");
  if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/i.test(hex)) {
    throw new HeadgateError("config_invalid", "the thumbprint of the certificate is neither 40 nor 64 hex digits", {
      hint: "openssl x509 -in cert.pem -noout -fingerprint -sha256 prints it",
      permanent: true,
    });
  }
  const pem = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new HeadgateError("config_invalid", `${file} cannot be read`, {
      hint: "privateKeyFile is the PEM file with the certificate's private key",
      cause,
      permanent: true,
    });
  });
  try {
    if (passphrase !== undefined) rememberSecret(passphrase);
    const key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
    return { key, thumbprint: Buffer.from(hex, "hex") };
  } catch (cause) {
    const encrypted = /ENCRYPTED/.test(pem.slice(0, 300));
    throw new HeadgateError("config_invalid", `${file} holds no private key that can be opened`, {
      hint: encrypted
        ? "the key is encrypted: give privateKeyPassphrase, as a reference to the environment or a file"
        : "a PEM file with BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY is expected; a certificate alone is not enough",
      cause,
      permanent: true,
    });
  }
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A JWT that says, for ten minutes, that its sender holds the certificate's key. RS256 with `x5t` for a SHA-1 thumbprint,
 * PS256 with `x5t#S256` for SHA-256.
 * @param claims `audience`: the token endpoint; `now`: epoch milliseconds; `id`: a value used once
 */
export function signAssertion(
  { key, thumbprint }: Certificate,
  claims: { clientId: string; audience: string; now: number; id: string },
): string {
  const sha1 = thumbprint.length === 20;
  const now = Math.floor(claims.now / 1_000);
  const header = {
    alg: sha1 ? "RS256" : "PS256",
    typ: "JWT",
    [sha1 ? "x5t" : "x5t#S256"]: thumbprint.toString("base64url"),
  };
  const body = {
    aud: claims.audience,
    iss: claims.clientId,
    sub: claims.clientId,
    jti: claims.id,
    iat: now,
    nbf: now,
    exp: now + LIFE_SECONDS,
  };
  const text = `${part(header)}.${part(body)}`;
  const signature = sign("sha256", Buffer.from(text), {
    key,
    ...(sha1 ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  });
  return `${text}.${signature.toString("base64url")}`;
}
