/** Declared jobs → a Databricks bundle, so that leaving is free: files, and the commands that bind them to the jobs there are. Pure. */
import { Document } from "yaml";
import type { DeclaredJob, JobSettings } from "../../../model/job.ts";
import { lateReferences } from "../../../model/late-reference.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { isObject } from "../../../util/json.ts";
import { writeJobsYaml } from "./write.ts";

/** A bundle to be written. */
export interface BundleFiles {
  /** Text by file name, relative to the bundle's folder. */
  files: Map<string, string>;
  /** What a bundle cannot say, one line each. */
  notes: string[];
}

/** Members that bundles set themselves, or refuse. */
const LEFT_OUT = new Set(["deployment", "edit_mode", "format"]);

const shell = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** Resource keys of bundles have no dots. */
const keyOf = (resource: string) => resource.replace(/[^A-Za-z0-9_-]/g, "_");

function forBundle(settings: JobSettings, resource: string, variables: Set<string>, notes: string[]): JobSettings {
  const walk = (value: Json): Json => {
    if (typeof value === "string" && value.includes("${")) {
      let text = value;
      const plain = lateReferences(value).reduce((rest, { raw }) => rest.replace(raw, ""), value);
      const own = /\$\{[A-Za-z][\w.-]*\}/.exec(plain)?.[0];
      if (own !== undefined) {
        notes.push(
          `${resource}: ${own} is the platform's, but a bundle reads it as a reference, and has no way to escape it`,
        );
      }
      for (const reference of lateReferences(value)) {
        if (reference.kind === "job") {
          text = text.replace(reference.raw, `\${resources.jobs.${keyOf(reference.key)}.${reference.field}}`);
          continue;
        }
        if (reference.kind === "query") {
          notes.push(`${resource}: the saved query of task ${reference.key} is headgate's: write its id`);
          continue;
        }
        const name = (reference.kind === "env" ? reference.name : reference.path).replace(/[^A-Za-z0-9_]/g, "_");
        variables.add(name);
        notes.push(`${resource}: ${reference.raw} became \${var.${name}}: give it by BUNDLE_VAR_${name}`);
        text = text.replace(reference.raw, `\${var.${name}}`);
      }
      // `$${` was a literal `${` of ours.
      return text.replaceAll("$${", "${");
    }
    if (Array.isArray(value)) return value.map(walk);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member ?? null)]));
  };
  const kept = Object.fromEntries(Object.entries(settings).filter(([key]) => !LEFT_OUT.has(key)));
  return walk(kept as JsonObject) as JobSettings;
}

/** Permission rows as bundles write them. */
function bundlePermissions(rows: readonly JsonObject[]): Json {
  return rows
    .filter((row) => row.permission_level !== "IS_OWNER")
    .map(
      ({ permission_level: level, ...who }) =>
        ({ ...who, level: level === "CAN_MANAGE_RUN" ? "CAN_MANAGE_RUN" : level }) as JsonObject,
    );
}

/**
 * @param deployed ids of the jobs that are there, by resource
 * @param about name of the bundle, its target and workspace
 */
export function writeBundle(
  jobs: readonly DeclaredJob[],
  deployed: ReadonlyMap<string, string>,
  about: { project: string; target: string; host: string; markerTag: string },
): BundleFiles {
  const notes: string[] = [];
  const variables = new Set<string>();
  const files = new Map<string, string>();
  for (const job of [...jobs].sort((a, b) => (a.resource < b.resource ? -1 : 1))) {
    const { [about.markerTag]: _marker, ...tags } = job.settings.tags ?? {};
    const settings = forBundle({ ...job.settings, tags }, job.resource, variables, notes);
    if (Object.keys(tags).length === 0) delete settings.tags;
    const more: JsonObject = {};
    if (job.permissions && job.permissions.length > 0) more.permissions = bundlePermissions(job.permissions);
    if (job.protect) more.lifecycle = { prevent_destroy: true };
    const text = writeJobsYaml([{ resource: keyOf(job.resource), settings: { ...settings, ...more } as JobSettings }], {
      keepReferences: true,
    });
    files.set(`resources/${keyOf(job.resource)}.yml`, `resources:\n${text.replace(/^(?=.)/gm, "  ")}`);
  }
  const root: JsonObject = {
    bundle: { name: about.project },
    include: ["resources/*.yml"],
    ...(variables.size > 0
      ? {
          variables: Object.fromEntries(
            [...variables].sort().map((name) => [name, { description: "was a secret reference" }]),
          ),
        }
      : {}),
    targets: { [about.target]: { default: true, workspace: { host: about.host } } },
  };
  files.set("databricks.yml", new Document(root).toString({ lineWidth: 0 }));
  const binds = [...deployed]
    .filter(([resource]) => jobs.some((job) => job.resource === resource))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, id]) => `databricks bundle deployment bind ${shell(keyOf(resource))} ${id} --auto-approve\n`);
  files.set(
    "bind.sh",
    `#!/bin/sh\n# Binds the jobs that are there to the bundle: it goes on with them, and none is made anew.\nset -e\n${binds.join("")}`,
  );
  return { files, notes };
}
