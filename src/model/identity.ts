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

/** A plan asks for each marker several times; they are kept, up to so many. */
const markers = new Map<string, string>();
const MOST_MARKERS = 50_000;

/**
 * The marker of a resource: 20 characters of base32(sha-256(project, target, resource[, user])).
 * Lower-case letters and digits 2-7 only, which is legal in the tag rules of all three clouds.
 */
export function markerOf(deployment: Pick<Deployment, "project" | "target" | "user">, resource: string): string {
  const { project, target, user } = deployment;
  const named = `${project}\0${target}\0${resource}${user === undefined ? "" : `\0${user}`}`;
  const known = markers.get(named);
  if (known !== undefined) return known;
  const marker = base32(createHash("sha256").update(named).digest()).slice(0, 20);
  if (markers.size >= MOST_MARKERS) markers.clear();
  markers.set(named, marker);
  return marker;
}
