/**
 * Keyed digests of a job's leaves: what three-way comparison needs of the past, without a value in it.
 *
 * An entry is 6 bytes of SHA-256 of the path and 8 bytes of HMAC-SHA-256 of path and value; a job's entries are
 * sorted and packed into one base64 text of 19 characters a leaf, so that 1,000 jobs make a state file of about 1 MB.
 */
import { createHash, createHmac } from "node:crypto";
import type { Json } from "../util/json.ts";
import { isObject, type JsonObject } from "../util/json.ts";
import { stableJson } from "../util/stable-json.ts";
import { type FieldRule, ruleOf } from "../workspace/fields.ts";
import { eachLeaf, type Leaf } from "./leaves.ts";

const PATH_BYTES = 6;
const ENTRY_BYTES = 14;
/** Value digest of a leaf that was sent and that the service did not keep. */
export const DROPPED = "0000000000000000";

function asText(value: Json): Json {
  if (Array.isArray(value)) return value.map(asText);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asText(inner as Json)]));
  return value === null ? null : String(value);
}

/** The text in which two values are compared: type does not count (`1` is `"1"`), since a field of the API has one type. */
export function comparable(leaf: Leaf): string {
  return comparableText(leaf.value, ruleOf(leaf.pattern));
}

function comparableText(value: Json, rule: FieldRule | undefined): string {
  const text =
    typeof value === "string" ? value : typeof value === "object" ? stableJson(asText(value)) : String(value);
  return rule?.kind === "fold_case" ? text.toLowerCase() : text;
}

/** Paths repeat from job to job; their hashes are kept, up to so many. */
const hashes = new Map<string, string>();
const MOST_HASHES = 50_000;

/** Hash of a path, 12 hex digits. */
export function pathHash(path: string): string {
  const known = hashes.get(path);
  if (known !== undefined) return known;
  const hash = createHash("sha256")
    .update(path)
    .digest("hex")
    .slice(0, PATH_BYTES * 2);
  if (hashes.size >= MOST_HASHES) hashes.clear();
  hashes.set(path, hash);
  return hash;
}

/** Keyed digest of a leaf's value, 16 hex digits. */
export function leafDigest(key: Buffer, leaf: Leaf): string {
  return createHmac("sha256", key)
    .update(`${leaf.path}\0${comparable(leaf)}`)
    .digest("hex")
    .slice(0, 16);
}

/** Packs entries of path hash → value digest. */
export function pack(entries: Iterable<readonly [string, string]>): string {
  const sorted = [...entries].map(([path, value]) => path + value).sort();
  return Buffer.from(sorted.join(""), "hex").toString("base64");
}

/** Unpacks {@link pack}'s text. */
export function unpack(text: string): Map<string, string> {
  const bytes = Buffer.from(text, "base64");
  const entries = new Map<string, string>();
  for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
    entries.set(bytes.toString("hex", at, at + PATH_BYTES), bytes.toString("hex", at + PATH_BYTES, at + ENTRY_BYTES));
  }
  return entries;
}

/** What is known of a job's past: the middle of the three ways. */
export interface Base {
  /** Digest of the value we last sent, or undefined when we sent none. */
  applied(path: string): string | undefined;
  /** Digest of what the service made of it right after, where that was something else; {@link DROPPED} where it kept nothing. */
  settled(path: string): string | undefined;
  digest(leaf: Leaf): string;
  wasSecret(path: string): boolean;
}

/** The base that a job's state row describes. */
export function baseOf(key: Buffer, state: { applied: string; added: string; secret: string[] }): Base {
  // Unpacked when first asked: most jobs of most plans are as declared, and nobody asks.
  let applied: Map<string, string> | undefined;
  let settled: Map<string, string> | undefined;
  const secret = new Set(state.secret);
  return {
    applied: (path) => {
      applied ??= unpack(state.applied);
      return applied.get(pathHash(path));
    },
    settled: (path) => {
      settled ??= unpack(state.added);
      return settled.get(pathHash(path));
    },
    digest: (leaf) => leafDigest(key, leaf),
    wasSecret: (path) => secret.size > 0 && secret.has(pathHash(path)),
  };
}

/**
 * True where a job is what the state row says we left, so that a lagging list cannot have shown an older version of it.
 */
export function isAsLeft(key: Buffer, state: { left?: string | undefined }, found: JsonObject): boolean {
  return state.left !== undefined && state.left === lastingDigest(key, found);
}

/** Digests of jobs as they were read, which nobody changes: a plan asks twice, whether to doubt and whether to compare. */
const lastingDigests = new WeakMap<JsonObject, { key: Buffer; digest: string }>();

function lastingDigest(key: Buffer, found: JsonObject): string {
  const known = lastingDigests.get(found);
  if (known?.key.equals(key)) return known.digest;
  const digest = settingsDigest(key, found, isLasting);
  lastingDigests.set(found, { key, digest });
  return digest;
}

/**
 * True where neither side of a job moved since its last apply: what is declared is what was sent, and what is found is
 * what was found right after. Then no field differs by itself, whatever the service made of what was sent.
 */
export function isUnmoved(
  key: Buffer,
  state: { sent?: string | undefined; left?: string | undefined },
  desired: JsonObject,
  found: JsonObject,
): boolean {
  return state.sent !== undefined && state.sent === settingsDigest(key, desired) && isAsLeft(key, state, found);
}

/** False for what changes by itself. */
const isLasting = (rule: FieldRule | undefined) => rule?.kind !== "volatile";

/** Leaves that are not what the last reset left, since somebody else changed them after it; `base` is of the apply before. */
export interface MovedLeaves {
  paths: ReadonlySet<string>;
  base: Pick<Base, "settled">;
}

/**
 * State row parts after sending `sent` and reading back `found`. Leaves that moved meanwhile are remembered as the
 * service left them before: the next plan finds them drifted.
 */
export function fingerprint(
  key: Buffer,
  sent: ReadonlyMap<string, Leaf>,
  found: ReadonlyMap<string, Leaf>,
  moved?: MovedLeaves,
): { applied: string; added: string; sent: string; left?: string } {
  const applied = new Map<string, string>();
  const added = new Map<string, string>();
  for (const path of moved?.paths ?? []) {
    const settled = moved?.base.settled(path);
    if (settled !== undefined) added.set(pathHash(path), settled);
  }
  for (const leaf of sent.values()) {
    const digest = leafDigest(key, leaf);
    applied.set(pathHash(leaf.path), digest);
    if (moved?.paths.has(leaf.path)) continue;
    const now = found.get(leaf.path);
    const settled = now === undefined ? DROPPED : leafDigest(key, now);
    if (settled !== digest) added.set(pathHash(leaf.path), settled);
  }
  for (const leaf of found.values()) {
    if (!sent.has(leaf.path) && !moved?.paths.has(leaf.path)) added.set(pathHash(leaf.path), leafDigest(key, leaf));
  }
  // Nobody knows the job as we left it.
  if (moved && moved.paths.size > 0)
    return { applied: pack(applied), added: pack(added), sent: wholeDigest(key, sent) };
  const left = wholeDigest(key, found, (leaf) => isLasting(ruleOf(leaf.pattern)));
  return { applied: pack(applied), added: pack(added), sent: wholeDigest(key, sent), left };
}

/** One keyed digest of all leaves, 24 hex digits; the same for the same leaves in any order. */
export function wholeDigest(
  key: Buffer,
  leaves: ReadonlyMap<string, Leaf>,
  counts: (leaf: Leaf) => boolean = () => true,
): string {
  const lines: string[] = [];
  for (const leaf of leaves.values()) if (counts(leaf)) lines.push(`${leaf.path}\0${comparable(leaf)}`);
  return digestOfLines(key, lines);
}

/** {@link wholeDigest} of settings that are not taken apart for anything else. */
function settingsDigest(
  key: Buffer,
  settings: JsonObject,
  counts: (rule: FieldRule | undefined) => boolean = () => true,
): string {
  const lines: string[] = [];
  eachLeaf(settings, (path, pattern, value) => {
    const rule = ruleOf(pattern);
    if (counts(rule)) lines.push(`${path}\0${comparableText(value, rule)}`);
  });
  return digestOfLines(key, lines);
}

function digestOfLines(key: Buffer, lines: string[]): string {
  return createHmac("sha256", key).update(lines.sort().join("\n")).digest("hex").slice(0, 24);
}
