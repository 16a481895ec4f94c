/** Files of a headgate project made of a project of lakeflow_jobs_meta, db-dsc-jobs or bundles: `init --from`. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { dscConfig } from "../config/dsc-params.ts";
import { HeadgateError } from "../errors.ts";
import { parsePlacedYaml } from "../util/parse-yaml.ts";
import { memberOf, memberText, type PlacedMap } from "../util/placed-yaml.ts";
import type { ProjectFile } from "./project-files.ts";

/** What a project may be made of. */
export const ORIGINS = ["lakeflow-meta", "dsc", "bundle"] as const;
type Origin = (typeof ORIGINS)[number];

/** What is known of the new project. */
interface Settings {
  name: string;
  host: string | undefined;
  profile: string | undefined;
}

const LEFT_OUT = new Set(["node_modules", ".git", ".databricks", ".headgate", "dist"]);
const YAML = /\.ya?ml$/;

/** Files below a folder that match, by their paths in it; a single file by its name. */
function filesIn(from: string, wanted: RegExp): { path: string; text: string }[] {
  if (statSync(from).isFile()) return [{ path: path.basename(from), text: readFileSync(from, "utf8") }];
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(path.join(from, folder), { withFileTypes: true })) {
      const at = path.posix.join(folder, entry.name);
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) walk(at);
      else if (entry.isFile() && wanted.test(entry.name)) found.push(at);
    }
  };
  walk("");
  return found.sort().map((at) => ({ path: at, text: readFileSync(path.join(from, at), "utf8") }));
}

function rootOf(file: { path: string; text: string }): PlacedMap | undefined {
  const { root } = parsePlacedYaml(file.text, file.path);
  return root?.kind === "map" ? root : undefined;
}

const workspaceOf = ({ host, profile }: Settings) => ({
  host: host ?? `\${env:DATABRICKS_HOST}`,
  auth: profile === undefined ? { kind: "pat", token: `\${env:DATABRICKS_TOKEN}` } : { kind: "profile", profile },
});

/** `key: value` lines; what is deeper stands in braces, as JSON, which is YAML. */
function configText(origin: string, config: Record<string, unknown>): string {
  const lines = Object.entries(config).map(([key, value]) =>
    typeof value === "object" && value !== null
      ? [`${key}:`, ...Object.entries(value).map(([name, inner]) => `  ${name}: ${JSON.stringify(inner)}`)].join("\n")
      : `${key}: ${typeof value === "string" ? JSON.stringify(value) : String(value)}`,
  );
  return `# Made of a project of ${origin}. Schema for editors: headgate schema config > .headgate/schema.json\n${lines.join("\n")}\n`;
}

function nothing(from: string, what: string): never {
  throw new HeadgateError("input_invalid", `${from} has no ${what}`, {
    hint: "give the folder of the project that is to be converted",
    permanent: true,
  });
}

function fromLakeflow(from: string, settings: Settings): ProjectFile[] {
  const files = filesIn(from, YAML).filter((file) => {
    const root = rootOf(file);
    return root?.members.has("modules") || (root?.members.has("jobs") && !root.members.has("targets"));
  });
  if (files.length === 0) nothing(from, "metadata files (modules: or jobs:)");
  const source = { name: "metadata", kind: "yaml", path: "metadata/**/*.{yml,yaml}", profile: "lakeflow-meta" };
  const config = {
    version: 1,
    project: settings.name,
    workspaces: { main: workspaceOf(settings) },
    targets: { main: { default: true, workspace: "main" } },
    jobs: { sources: [source] },
  };
  return [
    { path: "headgate.yaml", text: configText("lakeflow_jobs_meta", config) },
    ...files.map((file) => ({ ...file, path: `metadata/${file.path}` })),
  ];
}

function fromDsc(from: string, settings: Settings): ProjectFile[] {
  for (const folder of ["jobs", "templates"]) {
    if (!existsSync(path.join(from, folder))) nothing(from, `folder ${folder}`);
  }
  const params = path.join(from, "params.json");
  const given = existsSync(params) ? dscConfig(readFileSync(params, "utf8"), params, settings.name) : undefined;
  const made = given === undefined ? undefined : (JSON.parse(given.text) as { workspaces: { workspace: object } });
  const config = {
    version: 1,
    project: settings.name,
    workspaces: { main: made?.workspaces.workspace ?? workspaceOf(settings) },
    targets: { main: { default: true, workspace: "main" } },
    jobs: {
      sources: [{ name: "dsc", kind: "template", definitions: "jobs/*.json", templates: "templates", profile: "dsc" }],
    },
  };
  return [
    { path: "headgate.yaml", text: configText("db-dsc-jobs", config) },
    ...["jobs", "templates"].flatMap((folder) =>
      filesIn(path.join(from, folder), /./).map((file) => ({ ...file, path: `${folder}/${file.path}` })),
    ),
  ];
}

function fromBundle(from: string, settings: Settings): ProjectFile[] {
  const files = filesIn(from, YAML);
  const main = files.find((file) => /^databricks\.ya?ml$|^bundle\.ya?ml$/.test(file.path));
  const root = main && rootOf(main);
  if (main === undefined || root === undefined) nothing(from, "databricks.yml");
  const hosts = new Map<string, string>();
  const all = memberOf(root, "targets");
  const names = all?.kind === "map" ? [...all.members.keys()] : ["main"];
  const usual = memberText(memberOf(root, "workspace"), "host");
  for (const name of names) {
    const host = memberText(memberOf(memberOf(all, name), "workspace"), "host") ?? usual ?? settings.host;
    if (host !== undefined && !host.includes("${")) hosts.set(name, host);
  }
  const isDefault = (name: string) => memberText(memberOf(all, name), "default") === "true";
  const first = names.find(isDefault) ?? names[0];
  const config = {
    version: 1,
    project: settings.name,
    workspaces: Object.fromEntries(
      names.map((name) => [name, workspaceOf({ ...settings, host: settings.host ?? hosts.get(name) })]),
    ),
    targets: Object.fromEntries(
      names.map((name) => {
        const mode = memberText(memberOf(all, name), "mode");
        const kept = mode === "development" || mode === "production" ? { mode } : {};
        return [name, { ...(name === first ? { default: true } : {}), workspace: name, ...kept }];
      }),
    ),
    jobs: { sources: [{ name: "bundle", kind: "yaml", path: main.path, profile: "bundle" }] },
  };
  return [{ path: "headgate.yaml", text: configText("Databricks bundles", config) }, ...files];
}

/**
 * The files of the new project; those of the old one are copied as they are.
 * @throws HeadgateError `input_invalid` where there is nothing to convert
 */
export function convertedFiles(origin: Origin, from: string, settings: Settings): ProjectFile[] {
  if (!existsSync(from)) {
    throw new HeadgateError("input_invalid", `there is no ${from}`, { permanent: true });
  }
  const make = { "lakeflow-meta": fromLakeflow, dsc: fromDsc, bundle: fromBundle }[origin];
  return [...make(from, settings), { path: ".gitignore", text: ".headgate/\n", append: true }];
}
