/** Reads the answers of Azure's token endpoints, which write times in four ways. */
import { HeadgateError } from "../../errors.ts";
import { isObject } from "../../util/json.ts";
import type { Token } from "../http/token-cache.ts";

const HOUR = 3_600;

/**
 * A token out of an answer: `access_token` or `accessToken` (Azure CLI), its end from `expires_on` (epoch seconds, also
 * as text) or `expires_in` (seconds, also as text); without either an hour.
 * @param now epoch milliseconds
 * @throws HeadgateError `remote_error` for an answer without a token
 */
export function tokenFrom(body: unknown, now: number): Token {
  const fields = isObject(body) ? body : {};
  const value = fields.access_token ?? fields.accessToken;
  if (typeof value !== "string" || value === "") {
    throw new HeadgateError("remote_error", "the token endpoint answered without a token", {
      hint: "Check the authority: something else may answer at that address.",
    });
  }
  const on = Number(fields.expires_on ?? Number.NaN);
  if (Number.isFinite(on) && on > 0) return { value, expiresAt: on * 1_000 };
  const seconds = Number(fields.expires_in ?? HOUR);
  return { value, expiresAt: now + (Number.isFinite(seconds) ? seconds : HOUR) * 1_000 };
}
