/** Checks the keys at the top of a file: what is misspelt, what says nothing about jobs and is left alone. */
import type { Problem } from "../../../model/problem.ts";
import { nearest } from "../../../util/nearest.ts";
import { memberOf, type PlacedMap, type PlacedMember } from "../../../util/placed-yaml.ts";
import { problemAt } from "../problems.ts";
import type { ParsedFile } from "./bundle.ts";

/** Keys of a bundle file that headgate reads. */
const READ_KEYS = [
  "jobs",
  "resources",
  "variables",
  "targets",
  "environments",
  "include",
  "bundle",
  "workspace",
  "permissions",
  "run_as",
  "presets",
  "moved",
  "modules",
  "metadata_version",
];
/** Keys of a bundle file that say nothing about a job's settings, and who does what they say. */
const OTHER_KEYS = ["artifacts", "sync", "experimental", "scripts", "python", "version"];

/** True for a member that only holds what aliases elsewhere refer to (`definitions: { small: &small {…} }`). */
function holdsAnchors(root: PlacedMap, member: PlacedMember): boolean {
  const later = [...root.members.values()].map(({ offset }) => offset).filter((offset) => offset > member.offset);
  const text = member.source.text.slice(member.offset, Math.min(...later, member.source.text.length));
  return /[\s:[{,-]&[A-Za-z_]/.test(text);
}

/** Names what a file says at its top that is not read. Nothing of it is an error. */
export function checkTopLevel({ root }: ParsedFile, problems: Problem[]): void {
  const known = [...READ_KEYS, ...OTHER_KEYS];
  for (const [key, member] of root.members) {
    if (known.includes(key) || /^[x._-]/.test(key) || holdsAnchors(root, member)) continue;
    const near = nearest(key, known);
    problems.push(
      problemAt(member, key, {
        severity: "warning",
        code: "unknown_key",
        message: "this key is not read",
        hint: near ? `did you mean ${near}?` : "declare jobs under `jobs:` or `resources: jobs:`",
      }),
    );
  }
  leftAlone(root, problems);
  const resources = memberOf(root, "resources");
  if (resources?.kind !== "map") return;
  for (const [kind, member] of resources.members) {
    if (kind === "jobs") continue;
    const near = nearest(kind, ["jobs"]);
    problems.push(
      problemAt(member, `resources.${kind}`, {
        severity: "warning",
        code: "ignored_resource",
        message: `${kind} are left alone`,
        hint: near ? `did you mean ${near}?` : "headgate declares jobs only",
      }),
    );
  }
}

/** One note for all sections of a file that only the bundle's own deployment carries out. */
function leftAlone(root: PlacedMap, problems: Problem[]): void {
  const keys = OTHER_KEYS.filter((key) => key !== "version" && root.members.has(key));
  const [first] = keys;
  if (first === undefined) return;
  const python = keys.includes("python") || memberOf(memberOf(root, "experimental"), "python") !== undefined;
  problems.push(
    problemAt(root.members.get(first), first, {
      severity: "warning",
      code: "ignored_section",
      message: `${keys.join(", ")} ${keys.length > 1 ? "are" : "is"} left alone${python ? ", and so are jobs that Python code adds" : ""}`,
      hint: "headgate builds and uploads nothing: databricks bundle deploy does",
    }),
  );
}
