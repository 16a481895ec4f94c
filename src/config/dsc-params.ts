/** The parameter file of db-dsc-jobs as a config: sign-in and workspace from the file, `jobs/` and `templates/` beside it. Pure. */
import { HeadgateError } from "../errors.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import { nearest } from "../util/nearest.ts";
import { parsePlacedYaml } from "../util/parse-yaml.ts";
import { duplicatesIn, type PlacedMap, placeOfSpot, type Spot } from "../util/placed-yaml.ts";
import type { WorkspaceConfig } from "./load.ts";

/** A config that is not in a file, and the secrets that it refers to. */
export interface GivenConfig {
  text: string;
  /** Variables for `${env:…}` in it; they are in no file and no log. */
  env: Record<string, string>;
}

const KEYS = [
  "authority_type",
  "authority",
  "client_id",
  "resource",
  "databricks_uri",
  "cert_thumbprint",
  "thumbprint",
  "private_key_file",
  "client_secret",
  "pat_token",
] as const;
type Key = (typeof KEYS)[number];

const KINDS = ["spn-cert", "spn-key", "msi", "pat"] as const;
const SECRET = "HEADGATE_PARAMS_SECRET";

/** Says what is wrong, at its place. */
function fail(name: string, spot: Spot | undefined, path: string, message: string, hint?: string): never {
  const place = spot ? placeOfSpot(spot) : { file: name, line: 1, column: 1 };
  const problem: Problem = { severity: "error", code: "bad_value", place, path, message, hint };
  throw new HeadgateError("config_invalid", formatProblem({ ...problem, hint: undefined }), {
    hint,
    permanent: true,
    data: { problems: [problem] },
  });
}

function readMap(text: string, name: string): PlacedMap {
  const { root, faults } = parsePlacedYaml(text, name);
  const fault = faults.find(({ severity }) => severity === "error");
  if (fault)
    fail(name, fault.spot, "", fault.message, fault.hint ?? "the examples of db-dsc-jobs' document lack commas");
  if (root?.kind !== "map") return fail(name, root, "", "a parameter file is one JSON object");
  const [twice] = duplicatesIn(root);
  if (twice) fail(name, twice.second, twice.key, "this key is given twice");
  return root;
}

/** Values that are given; an empty one is none, as in the template that db-dsc-jobs ships. */
function valuesOf(root: PlacedMap, name: string): Map<Key, string> {
  const values = new Map<Key, string>();
  for (const [key, member] of root.members) {
    if (!(KEYS as readonly string[]).includes(key)) {
      const near = nearest(key, KEYS);
      fail(name, member, key, "this key is not known", near ? `did you mean ${near}?` : `known are ${KEYS.join(", ")}`);
    }
    const { value } = member;
    if (value.kind !== "scalar") fail(name, member, key, "this is to be a text");
    else if (value.value !== null && String(value.value).trim() !== "")
      values.set(key as Key, String(value.value).trim());
  }
  return values;
}

/** `https://login.microsoftonline.com/TENANT` taken apart. */
function tenantOf(authority: string): { authority: string; tenant: string } | undefined {
  if (!URL.canParse(authority)) return undefined;
  const url = new URL(authority);
  const tenant = url.pathname.split("/").find((part) => part !== "");
  return tenant === undefined ? undefined : { authority: url.origin, tenant };
}

/**
 * @param text of the file
 * @param name as a person would name it
 * @param project name of the project: the folder's
 * @throws HeadgateError `config_invalid` at file:line:column
 */
export function dscConfig(text: string, name: string, project: string): GivenConfig {
  const root = readMap(text, name);
  const values = valuesOf(root, name);
  const spotOf = (key: Key) => root.members.get(key);
  const need = (key: Key, why: string): string =>
    values.get(key) ?? fail(name, spotOf(key) ?? root, key, "this is missing or empty", why);

  const kind = need("authority_type", `one of ${KINDS.join(", ")}`);
  const known = KINDS.find((one) => one === kind);
  if (known === undefined) {
    const near = nearest(kind, KINDS);
    fail(
      name,
      spotOf("authority_type"),
      "authority_type",
      `'${kind}' is not known`,
      near ? `did you mean ${near}?` : `known are ${KINDS.join(", ")}`,
    );
  }
  const host = need("databricks_uri", "https://adb-….azuredatabricks.net");
  const env: Record<string, string> = {};
  const secret = (value: string) => {
    env[SECRET] = value;
    return `\${env:${SECRET}}`;
  };
  const resource = values.get("resource");
  const application = () => {
    const authority = need("authority", "https://login.microsoftonline.com/<tenant id>");
    const parts = tenantOf(authority);
    if (parts === undefined) {
      fail(
        name,
        spotOf("authority"),
        "authority",
        "this names no tenant",
        "write https://login.microsoftonline.com/<tenant id>",
      );
    }
    return { ...parts, clientId: need("client_id", "the application (client) id"), resource };
  };
  let auth: WorkspaceConfig["auth"];
  switch (known) {
    case "pat":
      auth = { kind: "pat", token: secret(need("pat_token", "a personal access token")) };
      break;
    case "spn-key":
      auth = {
        kind: "spn-key",
        ...application(),
        clientSecret: secret(need("client_secret", "the application's secret")),
      } as WorkspaceConfig["auth"];
      break;
    case "spn-cert": {
      const thumbprint = values.get("cert_thumbprint") ?? values.get("thumbprint");
      if (thumbprint === undefined) need("cert_thumbprint", "the certificate's thumbprint in hex");
      const privateKeyFile = need("private_key_file", "the PEM file with the certificate's private key");
      auth = { kind: "spn-cert", ...application(), thumbprint, privateKeyFile } as WorkspaceConfig["auth"];
      break;
    }
    default:
      auth = {
        kind: "msi",
        clientId: values.get("client_id"),
        endpoint: values.get("authority"),
        resource,
      };
  }
  const config = {
    version: 1,
    project,
    workspaces: { workspace: { host, auth } },
    targets: { default: { default: true, workspace: "workspace" } },
    jobs: {
      sources: [{ name: "dsc", kind: "template", definitions: "jobs/*.json", templates: "templates", profile: "dsc" }],
    },
  };
  return { text: JSON.stringify(config), env };
}
