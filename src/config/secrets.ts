/** References to secrets in the config: read when something is opened, and kept out of everything that is printed. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { HeadgateError } from "../errors.ts";
import { fillLate, type LateReference, lateReferences } from "../model/late-reference.ts";
import { formatProblem, type Place, type Problem } from "../model/problem.ts";
import { isObject, type Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { childPath, mapPlaced, type Placed, placeOfSpot } from "../util/placed-yaml.ts";
import { rememberSecret } from "../util/redact.ts";

/** Where secrets are looked up. */
export interface SecretPlaces {
  /** Folder of relative files. */
  dir: string;
  env: Readonly<Record<string, string | undefined>>;
}

function fileText(path: string, dir: string): string | undefined {
  const full = path.startsWith("~/") ? join(homedir(), path.slice(2)) : isAbsolute(path) ? path : join(dir, path);
  try {
    // One line break at the end is the editor's, not the secret's.
    return readFileSync(full, "utf8").replace(/\r?\n$/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "EISDIR" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Members that are no secrets, wherever their value comes from: masking them would blank the addresses we print. */
const PUBLIC_KEY = /(?:^|\.)(?:host|warehouse|profile|region|account|container|tenant)$/;

function lookUp(reference: string, places: SecretPlaces): string | undefined {
  if (reference.startsWith("env:")) return places.env[reference.slice("env:".length)];
  return fileText(reference.slice("file:".length).trim(), places.dir);
}

/**
 * Reads the value of a reference written without its braces (`env:NAME`, `file:path`); undefined when there is none.
 * What it finds is masked from then on.
 */
export function secretReader(places: SecretPlaces): (reference: string) => string | undefined {
  return (reference) => {
    const value = lookUp(reference, places);
    if (value !== undefined) rememberSecret(value);
    return value;
  };
}

const keyOf = (reference: LateReference) =>
  reference.kind === "env" ? `env:${reference.name}` : reference.kind === "file" ? `file:${reference.path}` : undefined;

function missing(reference: LateReference, places: SecretPlaces): { message: string; hint: string } {
  if (reference.kind === "file") {
    return { message: `file ${reference.path} of ${reference.raw} cannot be read`, hint: "see that it is there" };
  }
  const name = reference.kind === "env" ? reference.name : reference.raw;
  const near = nearest(name, Object.keys(places.env));
  return {
    message: `environment variable ${name} is not set`,
    hint: near ? `did you mean ${near}?` : `set it: export ${name}=…`,
  };
}

/**
 * A value of the config with its references filled in: call it just before what they open. All but hosts and the like
 * (by the last member of the path) are masked from then on.
 * @param path path of the value in the config, for the message
 * @throws HeadgateError `config_invalid` naming each variable that is not set, with its place
 */
export function openValue<T extends Json>(
  value: T,
  path: string,
  places: SecretPlaces & { placeOf?: ((path: string) => Place) | undefined },
): T {
  const read = secretReader(places);
  const problems: Problem[] = [];
  const open = (inner: Json, at: string): Json => {
    if (Array.isArray(inner)) return inner.map((item, index) => open(item, childPath(at, index)));
    if (isObject(inner)) {
      const entries = Object.entries(inner).map(([key, member]) => [key, open(member ?? null, childPath(at, key))]);
      return Object.fromEntries(entries) as Json;
    }
    return fillLate(inner, (reference) => {
      const key = keyOf(reference);
      const found = key === undefined ? undefined : PUBLIC_KEY.test(at) ? lookUp(key, places) : read(key);
      if (found === undefined) {
        const place = places.placeOf?.(at);
        problems.push({ severity: "error", code: "missing_secret", place, path: at, ...missing(reference, places) });
      }
      return found;
    });
  };
  const opened = open(value, path);
  const [first] = problems;
  if (first) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
    throw new HeadgateError("config_invalid", formatProblem({ ...first, hint: undefined }) + more, {
      hint: first.hint,
      permanent: true,
      data: { problems },
    });
  }
  return opened as T;
}

/** Members whose value is a secret. */
const SECRET_KEY =
  /^(?:token|clientSecret|password|secretKey|privateKey|privateKeyPassphrase|accountKey|accessKey|sasToken|apiKey|secretAccessKey)$/i;
const PASSWORD_IN_URL = /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:([^@\s]+)@/i;

/**
 * Warnings of a config: secrets that are written in clear (they are masked from here on), and references to variables
 * and files that are not there.
 */
export function secretWarnings(root: Placed, places: SecretPlaces, skip: (path: string) => boolean): Problem[] {
  const problems: Problem[] = [];
  mapPlaced(root, "", (scalar, pathOf) => {
    if (typeof scalar.value !== "string") return scalar;
    const path = pathOf();
    if (skip(path)) return scalar;
    const place = placeOfSpot(scalar);
    const references = lateReferences(scalar.value);
    for (const reference of references) {
      const key = keyOf(reference);
      const found = key && lookUp(key, places);
      if (found === undefined) {
        problems.push({ severity: "warning", code: "missing_secret", place, path, ...missing(reference, places) });
      }
    }
    const member = /([^.[\]']+)(?:'\])?$/.exec(path)?.[1] ?? "";
    const password = PASSWORD_IN_URL.exec(scalar.value)?.[1];
    if (references.length > 0 || (!SECRET_KEY.test(member) && password === undefined)) return scalar;
    if (scalar.value === "" || password?.includes("${")) return scalar;
    rememberSecret(password ?? scalar.value);
    const message = `${password === undefined ? member : "the password in this URL"} is written in clear`;
    const hint = `keep it out of the file: \${env:NAME} or \${file:path}`;
    problems.push({ severity: "warning", code: "secret_in_clear", place, path, message, hint });
    return scalar;
  });
  return problems;
}
