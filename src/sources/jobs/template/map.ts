/** Definitions and templates → declared jobs. Pure. */
import type { DeclaredJob, JobSettings } from "../../../model/job.ts";
import type { Place, Problem } from "../../../model/problem.ts";
import type { ReferenceScope, Variable } from "../../../model/reference.ts";
import type { Json } from "../../../util/json.ts";
import { nearest } from "../../../util/nearest.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import {
  duplicatesIn,
  jsonOf,
  memberOf,
  memberText,
  overlay,
  type Placed,
  type PlacedMap,
  placeOfSpot,
} from "../../../util/placed-yaml.ts";
import { fillReferences } from "../fill-references.ts";
import { permissionsOf } from "../permissions.ts";
import { type Fault, placeText, problemAt } from "../problems.ts";
import { jobListKey, settingsFor } from "../settings.ts";
import type { Jinja, TemplateFault } from "./jinja/engine.ts";
import { combinationsOf, resourceText } from "./matrix.ts";
import { fillParameters, type Parameters } from "./parameters.ts";
import { safeValues, shapeOf } from "./safe-values.ts";
import { liftSingleTask } from "./single-task.ts";

/** A definition, as it was read. */
export interface Definition {
  /** Relative to the project. */
  file: string;
  node: PlacedMap;
}

/** What {@link templateJobs} is told. */
export interface TemplateContext {
  source: string;
  project: string;
  target: string;
  /** Folder of the templates, as written. */
  folder: string;
  jinja: Jinja;
  /** Names of the templates. */
  names: readonly string[];
  /** Typed parameters by template. */
  parameters: ReadonlyMap<string, Parameters>;
  variables: ReadonlyMap<string, Variable>;
  defaults: Placed | undefined;
  workspace: Readonly<Record<string, string | undefined>>;
  profile: "dsc" | undefined;
}

/** Keys of a definition that say how it is used; templates see them like all others. */
const OWN = ["template", "matrix", "exclude", "resource"];
/** Members of a rendered job that are no settings. */
const NO_SETTINGS = ["permissions", "access_control_list", "lifecycle", "moved", "previous"];
const ENDINGS = [".jinja2", ".j2", ".jinja"];

const stemOf = (file: string) => (file.split("/").at(-1) ?? file).replace(/\.(json|ya?ml)$/i, "");

/** The template of a definition: its `template:`, else `standard`. */
function templateOf(node: PlacedMap, names: readonly string[]): string | Fault {
  const asked = memberText(node, "template");
  const wanted = asked === undefined ? ["standard"] : [asked];
  for (const name of wanted) {
    if (names.includes(name)) return name;
    for (const ending of ENDINGS) if (names.includes(name + ending)) return name + ending;
    const other = names.find((one) => one.startsWith(`${name}.`) && ENDINGS.some((ending) => one.endsWith(ending)));
    if (other !== undefined) return other;
  }
  const stems = new Map(names.map((name) => [name.replace(/\..*$/, ""), name]));
  const close = nearest((asked ?? "standard").replace(/\..*$/, ""), [...stems.keys()]);
  const near = close === undefined ? undefined : stems.get(close);
  const known = names.length === 0 ? "there is none at all" : `there are ${names.join(", ")}`;
  return {
    code: "no_template",
    message: asked === undefined ? "there is no template standard.jinja2" : `there is no template '${asked}'`,
    hint: near ? `did you mean ${near}?` : known,
  };
}

/** A job that a template made, with what made it. */
interface Made {
  resource: string;
  job: PlacedMap;
  definition: Definition;
  template: string;
}

const placeInTemplate = (fault: TemplateFault, folder: string): Place => ({
  file: `${folder.replace(/\/+$/, "")}/${fault.template}`,
  line: fault.line,
  column: fault.column,
});

/** Line of a rendered document, for a person who has not seen it. */
function renderedLine(text: string, line: number): string {
  const shown = text.split("\n")[line - 1]?.trim() ?? "";
  return shown.length > 160 ? `${shown.slice(0, 159)}…` : shown;
}

/** Renders and parses; undefined where that failed, and the problems say why. */
function renderDocument(
  template: string,
  values: Record<string, Json>,
  { definition, resource }: { definition: Definition; resource: string },
  context: TemplateContext,
  problems: Problem[],
): Placed | undefined {
  const { jinja, folder } = context;
  const say = (fault: TemplateFault) => {
    const { message, hint } = fault;
    const place = placeInTemplate(fault, folder);
    problems.push({ severity: "error", code: "template", place, path: definition.file, message, hint, resource });
  };
  const parse = (text: string): Placed | undefined => {
    const { root, faults } = parsePlacedYaml(text, `${folder.replace(/\/+$/, "")}/${template} for ${definition.file}`);
    const fault = faults.find(({ severity }) => severity === "error");
    if (fault === undefined && root !== undefined) {
      const twice = duplicatesIn(root)[0];
      if (twice === undefined) return root;
      const { line } = placeOfSpot(twice.second);
      const message = `${template} makes the key '${twice.key}' twice: one of the two values would be lost (rendered line ${line}: ${renderedLine(text, line)})`;
      const hint = "a template that uses values as keys needs different ones";
      problems.push(problemAt(definition.node, twice.path, { code: "duplicate_key", message, hint, resource }));
      return undefined;
    }
    const { line } = fault ? placeOfSpot(fault.spot) : { line: 1 };
    const what = fault?.message ?? "nothing comes out of it";
    const message = `what ${template} makes is no document: ${what} (rendered line ${line}: ${renderedLine(text, line)})`;
    const hint = "print values with | jsonify, without quotes around them";
    problems.push(problemAt(definition.node, "", { code: "template_output", message, hint, resource }));
    return undefined;
  };

  const safe = safeValues(values);
  const rendered = jinja.render(template, safe.values);
  if ("fault" in rendered) return void say(rendered.fault);
  const root = parse(rendered.text);
  if (root === undefined || !safe.any) return root;
  const plain = jinja.render(template, values);
  if ("fault" in plain) return void say(plain.fault);
  if (safe.agrees(rendered.text, plain.text)) return safe.restore(root);
  // A filter worked on such a text: its result counts, as long as it does not become more than one value.
  const { root: filtered, faults } = parsePlacedYaml(plain.text, template);
  const sound = filtered !== undefined && faults.every(({ severity }) => severity !== "error");
  if (sound && JSON.stringify(shapeOf(filtered)) === JSON.stringify(shapeOf(root))) return filtered;
  const message = `a value with a quote or line break goes through a filter of ${template} and breaks the document`;
  const hint = "let | jsonify be the last filter, without quotes around it";
  problems.push(problemAt(definition.node, "", { code: "template_output", message, hint, resource }));
  return undefined;
}

/** The jobs in what a template made: one, a list of them, or a map under `jobs:` by resource id. */
function jobsIn(root: Placed, resource: string): { resource: string; job: Placed }[] {
  const jobs = memberOf(root, "jobs");
  if (jobs?.kind === "map") return [...jobs.members].map(([key, member]) => ({ resource: key, job: member.value }));
  if (root.kind !== "list") return [{ resource, job: root }];
  return root.items.map((job, index) => {
    const name = memberText(job, "name");
    return { resource: name === undefined ? `${resource}_${index + 1}` : resourceText(name), job };
  });
}

/** All jobs of one definition. */
function madeBy(definition: Definition, context: TemplateContext, problems: Problem[]): Made[] {
  const { node } = definition;
  const base = memberText(node, "resource") ?? resourceText(stemOf(definition.file));
  const template = templateOf(node, context.names);
  if (typeof template !== "string") {
    problems.push(problemAt(node.members.get("template") ?? node, "template", { ...template, resource: base }));
    return [];
  }
  const given = jsonOf(node) as Record<string, Json>;
  const combinations = combinationsOf(given.matrix, given.exclude);
  if (typeof combinations === "string") {
    const fault = { code: "wrong_type", message: combinations, resource: base };
    problems.push(problemAt(node.members.get("matrix") ?? node, "matrix", fault));
    return [];
  }
  return combinations.flatMap(({ values, suffix }) => {
    const resource = base + suffix;
    const own: Problem[] = [];
    const merged = { ...given, ...(values as Record<string, Json>) };
    const parameters = context.parameters.get(template);
    const job = parameters ? fillParameters(merged, parameters, { node, resource }, own) : merged;
    for (const key of OWN) if (key !== "resource") delete job[key];
    const root = own.some(({ severity }) => severity === "error")
      ? undefined
      : renderDocument(template, scopeOf(job, values as Json, context), { definition, resource }, context, own);
    problems.push(...own);
    if (root === undefined) return [];
    return jobsIn(root, resource).flatMap((one): Made[] => {
      if (one.job.kind === "map") return [{ resource: one.resource, job: one.job, definition, template }];
      const message = `what ${template} makes is no job: found ${one.job.kind === "list" ? "a list" : "a text"}`;
      problems.push(problemAt(node, "", { code: "wrong_type", message, resource }));
      return [];
    });
  });
}

/** What a template can name: `job` (the definition), `matrix`, `var`, `project`, `target`. */
function scopeOf(job: Record<string, Json>, matrix: Json, context: TemplateContext): Record<string, Json> {
  const variables = Object.fromEntries([...context.variables].map(([name, { value }]) => [name, value]));
  return { job, matrix, var: variables, project: context.project, target: context.target };
}

function declaredJob(made: Made, context: TemplateContext, problems: Problem[]): DeclaredJob | undefined {
  const { resource, definition } = made;
  const place = placeOfSpot(definition.node);
  const scope: ReferenceScope = {
    variables: context.variables,
    bundle: { name: context.project, target: context.target, environment: context.target },
    workspace: context.workspace,
  };
  let node: Placed = liftSingleTask(made.job);
  if (context.defaults) node = overlay(context.defaults, node, jobListKey);
  node = fillReferences(resource, node, scope, problems);
  if (node.kind !== "map" || problems.some(({ severity }) => severity === "error")) return undefined;
  const members = new Map(node.members);
  for (const key of NO_SETTINGS) members.delete(key);
  const settings = settingsFor({ ...node, members }) as JobSettings;
  settings.name ??= memberText(definition.node, "name") ?? resource;
  return {
    resource,
    settings,
    place,
    placeOf: (path) => placeOfSpot(definition.node.members.get(path.split(/[.[]/)[0] ?? "") ?? definition.node),
    source: context.source,
    previous: [],
    takeOver: context.profile === "dsc" ? { by: "name" } : undefined,
    permissions: permissionsOf([memberOf(node, "permissions"), memberOf(node, "access_control_list")]),
    protect: memberText(memberOf(node, "lifecycle"), "prevent_destroy") === "true",
  };
}

/** All jobs that definitions and templates make. One bad definition does not lose the others. */
export function templateJobs(
  definitions: readonly Definition[],
  context: TemplateContext,
): { jobs: DeclaredJob[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const made = definitions.flatMap((definition) => madeBy(definition, context, problems));
  const first = new Map<string, Made>();
  const doubled = new Set<string>();
  for (const one of made) {
    const other = first.get(one.resource);
    if (other === undefined) {
      first.set(one.resource, one);
      continue;
    }
    doubled.add(one.resource);
    const where = placeText(placeOfSpot(other.definition.node));
    const message = `resource '${one.resource}' is declared twice, first at ${where}`;
    const hint = "rename one of the files, or give one a resource of its own: `resource: …`";
    problems.push(
      problemAt(one.definition.node, "", { code: "duplicate_resource", message, hint, resource: one.resource }),
    );
  }
  const jobs = made
    .filter(({ resource }) => !doubled.has(resource))
    .flatMap((one) => {
      const own: Problem[] = [];
      const job = declaredJob(one, context, own);
      problems.push(...own);
      return job ?? [];
    });
  return { jobs, problems };
}
