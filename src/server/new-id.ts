/** Ids of plans and applies: 18 characters that sort by time. */
import { randomBytes } from "node:crypto";

/** A new id: 9 characters of time in base 36, 9 random ones. `now` in milliseconds since 1970 UTC. */
export function newId(now: number): string {
  const random = BigInt(`0x${randomBytes(8).toString("hex")}`)
    .toString(36)
    .padStart(13, "0")
    .slice(-9);
  return `${now.toString(36).padStart(9, "0")}${random}`;
}
