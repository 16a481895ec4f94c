/** The form of an access token: 256 random bits that are shown once and kept only as a hash. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Lets secret scanners find a leaked token, and us refuse what is none without a look into the store. */
const PREFIX = "hgt_";
const BODY = 43;
const CHECK = 6;
const FORM = new RegExp(`^${PREFIX}[A-Za-z0-9_-]{${BODY + CHECK}}$`);

function checksum(body: string): string {
  return createHash("sha256").update(`headgate token ${body}`).digest("base64url").slice(0, CHECK);
}

/** A new token: `hgt_`, 43 characters of randomness, 6 of checksum. */
export function newToken(): string {
  const body = randomBytes(32).toString("base64url");
  return `${PREFIX}${body}${checksum(body)}`;
}

/** True where the text has the form of a token and its checksum is right. Says nothing about whether it is known. */
export function isToken(text: string): boolean {
  if (!FORM.test(text)) return false;
  const body = text.slice(PREFIX.length, PREFIX.length + BODY);
  return text.slice(PREFIX.length + BODY) === checksum(body);
}

/**
 * What is kept of a secret: SHA-256 in hex. A plain hash is enough for values of 112 random bits and more
 * (OWASP ASVS 5.0, 6.5.2): there is nothing to guess.
 */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Compares two hashes in a time that does not depend on where they differ. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a, "utf8");
  const right = Buffer.from(b, "utf8");
  return left.length === right.length && timingSafeEqual(left, right);
}
