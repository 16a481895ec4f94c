/** Variables of a bundle that are looked up in the workspace: `lookup: { warehouse: Shared }` is the id of that warehouse. */
import type { LookupKind } from "../../../clients/databricks/inventory.ts";
import type { Problem } from "../../../model/problem.ts";
import type { Placed } from "../../../util/placed-yaml.ts";
import type { JobSourceContext } from "../../job-source.ts";
import { problemAt } from "../problems.ts";

/** What bundles call a kind, and what the door does. Others (alert, dashboard, metastore) are not looked up. */
const KINDS: Readonly<Record<string, LookupKind | undefined>> = {
  cluster: "cluster",
  cluster_policy: "policy",
  instance_pool: "pool",
  job: "job",
  notification_destination: "destination",
  pipeline: "pipeline",
  query: "query",
  service_principal: "servicePrincipal",
  warehouse: "warehouse",
};

const KEY = "lookup.";
/** Key of a thing of this kind and name, as {@link askAll} takes it. */
export const keyOf = (kind: LookupKind, name: string): string => `${KEY}${kind}.${name}`;

/** Fills variables in the name of what is looked up. */
type Fill = (text: string) => string;

/** What a declaration of a variable looks up; undefined where it is nothing that is looked up. */
function wishOf(lookup: Placed | undefined, fill: Fill): { kind: LookupKind; name: string } | undefined {
  const [one, ...more] = lookup?.kind === "map" ? [...lookup.members] : [];
  if (one === undefined || more.length > 0) return undefined;
  const [kind, { value }] = one;
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (known === undefined || value.kind !== "scalar" || value.value === null) return undefined;
  const name = fill(String(value.value));
  return name.includes("${") ? undefined : { kind: known, name };
}

/** Key of what a variable's `lookup` names, as {@link askAll} takes it; undefined for what cannot be looked up. */
export function lookupKey(lookup: Placed, fill: Fill): string | undefined {
  const wish = wishOf(lookup, fill);
  return wish && keyOf(wish.kind, wish.name);
}

/** Keys among the values of a reading that were looked up. */
export const isLookup = (key: string): boolean => key.startsWith(KEY);

/** Asks for every key: ids by key, one a line. Without a workspace there is no answer. */
export async function askAll(
  keys: readonly string[],
  ask: JobSourceContext["lookUp"],
): Promise<Record<string, string | undefined>> {
  const answers = await Promise.all(
    keys.map(async (key) => {
      const [, kind = "", name = ""] = /^lookup\.(\w+)\.(.*)$/s.exec(key) ?? [];
      return [key, (await ask?.(kind as LookupKind, name))?.join("\n")] as const;
    }),
  );
  return Object.fromEntries(answers);
}

/** The id that a variable's `lookup` stands for, or the problem with it. */
export function lookedUp(
  lookup: Placed,
  path: string,
  variable: string,
  { known, fill }: { known: Readonly<Record<string, string | undefined>>; fill: Fill },
): { id: string } | { problem: Problem } {
  const wish = wishOf(lookup, fill);
  const ids = wish && known[keyOf(wish.kind, wish.name)]?.split("\n").filter((id) => id !== "");
  if (ids?.length === 1) return { id: ids[0] as string };
  const bundleKind = lookup.kind === "map" ? [...lookup.members.keys()].join(", ") : "nothing";
  const message =
    wish === undefined
      ? `a lookup of ${bundleKind} is not known`
      : ids === undefined
        ? `the workspace does not say which ${bundleKind} is named '${wish.name}'`
        : ids.length === 0
          ? `you may see no ${bundleKind} named '${wish.name}' in the workspace`
          : `${ids.length} are named '${wish.name}': ${ids.join(", ")}`;
  const hint = `or give a value: --var ${variable}=…, or variables in headgate.yaml`;
  return { problem: problemAt(lookup, path, { severity: "warning", code: "not_looked_up", message, hint }) };
}
