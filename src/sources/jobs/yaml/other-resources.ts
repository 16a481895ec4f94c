/**
 * What a bundle says of its other resources, for jobs that refer to them: `${resources.schemas.sales.name}`. Their names
 * are those they are deployed with; ids are looked up by name where the workspace tells, or follow from the names.
 */
import type { LookupKind } from "../../../clients/databricks/inventory.ts";
import type { ReferenceScope } from "../../../model/reference.ts";
import { memberOf, memberText, type Placed, type PlacedMap } from "../../../util/placed-yaml.ts";
import type { ParsedFile } from "./bundle.ts";
import { targetsOf } from "./bundle-variables.ts";
import { keyOf } from "./lookups.ts";
import { mergeOverride } from "./merge-override.ts";

/** How resources of a kind are named, and what they are looked up as. */
interface Naming {
  /** Field with the name, and how a target's prefix is put before it (databricks/cli `apply_presets`). */
  field: string;
  prefix: "as it is" | "plain" | "none";
  lookup?: LookupKind;
}

const NAMINGS: Readonly<Record<string, Naming | undefined>> = {
  alerts: { field: "display_name", prefix: "as it is" },
  apps: { field: "name", prefix: "none" },
  clusters: { field: "cluster_name", prefix: "as it is", lookup: "cluster" },
  dashboards: { field: "display_name", prefix: "as it is" },
  genie_spaces: { field: "title", prefix: "as it is" },
  model_serving_endpoints: { field: "name", prefix: "plain" },
  models: { field: "name", prefix: "as it is" },
  pipelines: { field: "name", prefix: "as it is", lookup: "pipeline" },
  registered_models: { field: "name", prefix: "plain" },
  schemas: { field: "name", prefix: "plain" },
  sql_warehouses: { field: "name", prefix: "as it is", lookup: "warehouse" },
};

/** `[dev anna] ` before names that take no such signs: `dev_anna_`. */
function plain(prefix: string): string {
  const bare = prefix.replaceAll("[", "").trim();
  const text = bare
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return bare.endsWith("]") ? `${text}_` : text;
}

/** The other resources of the files, each with the target's part over it, by `kind.key`. */
function resourcesOf(files: readonly ParsedFile[], target: string): Map<string, Placed> {
  const found = new Map<string, Placed>();
  const read = (root: Placed | undefined) => {
    const kinds = memberOf(root, "resources");
    for (const [kind, { value }] of kinds?.kind === "map" ? kinds.members : []) {
      if (kind === "jobs" || value.kind !== "map") continue;
      for (const [key, member] of value.members) {
        const old = found.get(`${kind}.${key}`);
        found.set(`${kind}.${key}`, old ? mergeOverride(old, member.value) : member.value);
      }
    }
  };
  for (const { root } of files) read(root);
  for (const { root } of files) read(memberOf(targetsOf(root), target));
  return found;
}

/** What gives the texts of other resources: see {@link otherResources}. */
export type ResourceText = NonNullable<ReferenceScope["resource"]>;

/** Where ids come from, and what stands before names. */
interface Told {
  prefix: string;
  /** Values of the workspace, with what was looked up. */
  known: Readonly<Record<string, string | undefined>>;
  /** Fills the references of a text. */
  fill: (text: string) => string;
}

/** Texts of a bundle's other resources at a path, references in them as they are written; undefined for what is not known, null for a resource that is not declared. */
export function otherResources(files: readonly ParsedFile[], target: string, told: Told): ResourceText {
  const found = resourcesOf(files, target);
  const skipsSchemas = files.some(
    ({ root }) => memberText(memberOf(root, "experimental"), "skip_name_prefix_for_schema") === "true",
  );
  const text: ResourceText = (type, key, path) => {
    const node = found.get(`${type}.${key}`);
    if (node?.kind !== "map") return null;
    const [first, ...more] = path;
    if (more.length === 0 && first === "id")
      return idOf(type, node, { ...told, text: (...at) => text(type, key, at) ?? undefined });
    const written = scalarAt(node, path);
    const naming = NAMINGS[type];
    if (written === undefined) return wholeName(type, key, path);
    if (naming === undefined || path.length > 1 || first !== naming.field) return written;
    if (naming.prefix === "none" || (type === "schemas" && skipsSchemas)) return written;
    return (naming.prefix === "plain" ? plain(told.prefix) : told.prefix) + written;
  };
  /** Names that the service makes of others. */
  const wholeName = (type: string, key: string, [field, ...more]: readonly (string | number)[]): string | undefined => {
    if (more.length > 0 || typeof field !== "string") return undefined;
    const part = (one: string) => text(type, key, [one]) ?? undefined;
    const parts = (...fields: string[]) => joined(fields.map(part));
    if (type === "volumes" && field === "volume_path")
      return joined(["/Volumes", part("catalog_name"), part("schema_name"), part("name")], "/");
    if (field !== "full_name") return undefined;
    return type === "schemas" ? parts("catalog_name", "name") : parts("catalog_name", "schema_name", "name");
  };
  return text;
}

const joined = (parts: readonly (string | undefined)[], between = "."): string | undefined =>
  parts.includes(undefined) ? undefined : parts.join(between);

function scalarAt(node: PlacedMap, path: readonly (string | number)[]): string | undefined {
  let at: Placed | undefined = node;
  for (const step of path) {
    if (typeof step === "number") at = at?.kind === "list" ? at.items[step] : undefined;
    else at = memberOf(at, step);
  }
  return at?.kind === "scalar" && at.value !== null ? String(at.value) : undefined;
}

/** The id of a resource: the names of what Unity Catalog holds, or what was looked up by the name. */
function idOf(
  type: string,
  node: PlacedMap,
  { known, fill, text }: Told & { text: (...path: string[]) => string | undefined },
): string | undefined {
  switch (type) {
    case "schemas":
      return joined([text("catalog_name"), text("name")]);
    case "volumes":
    case "registered_models":
      return joined([text("catalog_name"), text("schema_name"), text("name")]);
    case "apps":
      return text("name");
    default: {
      const naming = NAMINGS[type];
      const name = naming && text(naming.field);
      if (naming?.lookup === undefined || name === undefined) return memberText(node, "id");
      const ids = known[keyOf(naming.lookup, fill(name))]?.split("\n").filter((id) => id !== "") ?? [];
      return ids.length === 1 ? ids[0] : undefined;
    }
  }
}

const REFERENCE = /\$\{resources\.(\w+)\.([\w-]+)\.id\}/g;

/** Keys of the resources whose ids the files' texts refer to, as `askAll` takes them. */
export function resourceKeys(files: readonly ParsedFile[], text: ResourceText, fill: Told["fill"]): string[] {
  const texts = new Set(files.map(({ root }) => root.source.text));
  const wanted = [...texts].flatMap((one) => [...one.matchAll(REFERENCE)]);
  return [
    ...new Set(
      wanted.flatMap(([, type = "", key = ""]) => {
        const naming = NAMINGS[type];
        const name = naming?.lookup && text(type, key, [naming.field]);
        return naming?.lookup === undefined || typeof name !== "string" ? [] : keyOf(naming.lookup, fill(name));
      }),
    ),
  ];
}
