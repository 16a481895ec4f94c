/** Who a declared job is: the four parts of its identity and the marker made of them. */
import { createHash } from "node:crypto";

/** What a state file and its lock belong to. */
export interface Deployment {
  project: string;
  target: string;
  /** Decimal text. */
  workspaceId: string;
  /** In a target of mode `development`, the user whose own deployment it is; else undefined. */
  user: string | undefined;
}

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

/**
 * The marker of a resource: 20 characters of base32(sha-256(project, target, resource[, user])).
 * Lower-case letters and digits 2-7 only, which is legal in the tag rules of all three clouds.
 */
export function markerOf(deployment: Pick<Deployment, "project" | "target" | "user">, resource: string): string {
  const parts = [deployment.project, deployment.target, resource];
  if (deployment.user !== undefined) parts.push(deployment.user);
  return base32(createHash("sha256").update(parts.join("\0")).digest()).slice(0, 20);
}
