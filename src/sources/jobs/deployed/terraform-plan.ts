/**
 * What `terraform show -json` writes → the jobs that a plan or a state has (HashiCorp: "JSON Output Format", version 1:
 * `resource_changes`, `resource_drift`, `values`).
 */
import type { DeclaredJob, JobSettings } from "../../../model/job.ts";
import type { Problem } from "../../../model/problem.ts";
import { asLiteral } from "../../../model/reference.ts";
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { placeOfSpot } from "../../../util/placed-yaml.ts";
import { type DeployedJob, jobIdOf, stateFault } from "./deployed-job.ts";
import { type Hide, settingsOfAttributes } from "./terraform-fields.ts";
import { keyOf } from "./terraform-state.ts";

/** What Terraform will do with a job. */
export type TerraformAction = "no-op" | "create" | "update" | "delete" | "replace" | "forget";

/** The jobs of a plan. */
export interface TerraformPlan {
  /** As they will be: those that stay or come. */
  declared: DeclaredJob[];
  /** As they are now by Terraform's state, with the settings it last set. */
  deployed: DeployedJob[];
  actions: Map<string, TerraformAction>;
  /** Values that Terraform keeps from view, by the text that stands for each: `${env:TERRAFORM_SENSITIVE_1}`. */
  hidden: Map<string, string>;
  problems: Problem[];
}

/** True for what `terraform show -json` writes, of a plan or a state. */
export const isTerraformShow = (json: Json): boolean => isObject(json) && typeof json.format_version === "string";

interface Row {
  address: string;
  key: string;
  /** The key with its modules, for a name that several modules have. */
  whole: string;
  /** Undefined in a state, which plans nothing. */
  action: TerraformAction | undefined;
  before: JsonObject | undefined;
  after: JsonObject | undefined;
  unknown: Json | undefined;
  sensitive: Json | undefined;
  sensitiveBefore: Json | undefined;
}

const TYPE = "databricks_job";
const objectOf = (value: Json | undefined) => (isObject(value) ? value : undefined);
const listOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);
const isJob = ({ mode, type }: JsonObject) => mode === "managed" && type === TYPE;

function keysOf(resource: JsonObject): { address: string; key: string; whole: string } {
  const { address, module_address: module, name, index } = resource;
  const key = keyOf(`${String(name)}${index === undefined || index === null ? "" : `_${String(index)}`}`);
  const modules = typeof module === "string" ? module : modulesOf(String(address));
  return { address: String(address), key, whole: keyOf(`${modules.replace(/\bmodule\./g, "")}.${key}`) };
}

/** `module.a.module.b["x"].databricks_job.load` → `module.a.module.b["x"]`; a state names no module beside the address. */
const modulesOf = (address: string) => address.split(`.${TYPE}.`).slice(0, -1).join("");

function actionOf(actions: Json | undefined): TerraformAction {
  const all = Array.isArray(actions) ? actions.map(String) : [];
  if (all.includes("delete") && all.includes("create")) return "replace";
  const [only = "no-op"] = all;
  return only === "read" ? "no-op" : (only as TerraformAction);
}

/** Rows of a plan; what each job was when Terraform last set it stands in `resource_drift` where somebody changed it. */
function rowsOfPlan(plan: JsonObject): Row[] {
  const drifted = new Map(
    listOf(plan.resource_drift)
      .filter(isJob)
      .map(({ address, change }) => [address, objectOf(change)]),
  );
  return listOf(plan.resource_changes)
    .filter(isJob)
    .flatMap((resource): Row[] => {
      const change = objectOf(resource.change);
      if (change === undefined || resource.deposed !== undefined) return [];
      const drift = drifted.get(resource.address);
      return [
        {
          ...keysOf(resource),
          action: actionOf(change.actions),
          before: objectOf(drift?.before) ?? objectOf(change.before),
          after: objectOf(change.after),
          unknown: change.after_unknown,
          sensitive: change.after_sensitive,
          sensitiveBefore: drift === undefined ? change.before_sensitive : drift.before_sensitive,
        },
      ];
    });
}

/** Rows of a state: what was last set is what is wanted. */
function rowsOfState(values: JsonObject): Row[] {
  const modules = (module: JsonObject | undefined): JsonObject[] =>
    module === undefined ? [] : [...listOf(module.resources), ...listOf(module.child_modules).flatMap(modules)];
  return modules(objectOf(values.root_module))
    .filter(isJob)
    .map((resource): Row => {
      const value = objectOf(resource.values);
      const marks = { sensitive: resource.sensitive_values, sensitiveBefore: resource.sensitive_values };
      return { ...keysOf(resource), action: undefined, before: value, after: value, unknown: undefined, ...marks };
    });
}

/**
 * The jobs of a plan or state. A name that several modules have gets its modules before it.
 * @param text of the file, for the places of its jobs
 * @param file how it is called in messages
 * @throws HeadgateError `input_invalid` for what is neither a plan nor a state of a known version
 */
export function jobsOfTerraformShow(json: Json, text: string, file: string): TerraformPlan {
  const show = objectOf(json);
  const version = show?.format_version;
  if (show === undefined || typeof version !== "string" || !/^[01]\./.test(version))
    throw stateFault(file, "this is not what `terraform show -json` writes", HOW);
  const values = objectOf(show.values);
  if (values === undefined && !Array.isArray(show.resource_changes))
    throw stateFault(file, "it has neither changes nor values: an empty plan or state", HOW);
  const rows = values === undefined ? rowsOfPlan(show) : rowsOfState(values);
  const times = new Map<string, number>();
  for (const { key } of rows) times.set(key, (times.get(key) ?? 0) + 1);
  const plan: TerraformPlan = { declared: [], deployed: [], actions: new Map(), hidden: new Map(), problems: [] };
  const hide: Hide = (value) => {
    const reference = `\${env:TERRAFORM_SENSITIVE_${plan.hidden.size + 1}}`;
    plan.hidden.set(reference, String(value));
    return reference;
  };
  for (const row of rows) {
    const resource = (times.get(row.key) ?? 0) > 1 ? row.whole : row.key;
    if (row.action !== undefined) plan.actions.set(resource, row.action);
    const from = `${file}: ${row.address}`;
    if (row.before !== undefined && row.action !== "create") {
      const jobId = jobIdOf(row.before.id, file, `${row.address}.id`);
      const before = settingsOfAttributes(row.before, { sensitive: row.sensitiveBefore }, String) as JobSettings;
      plan.deployed.push({ resource, jobId, from, settings: before });
    }
    if (row.after === undefined || row.action === "delete" || row.action === "forget") continue;
    plan.declared.push(declaredJob(resource, row, { text, file, hide }));
  }
  return plan;
}

const HOW =
  "terraform plan -out tf.plan, then terraform show -json tf.plan > plan.json; of a state: terraform show -json";

function declaredJob(
  resource: string,
  row: Row,
  { text, file, hide }: { text: string; file: string; hide: Hide },
): DeclaredJob {
  const at = Math.max(
    0,
    text.indexOf(`"address":${text.includes('"address": ') ? " " : ""}${JSON.stringify(row.address)}`),
  );
  const place = placeOfSpot({ source: { file, text }, offset: at });
  // What is the platform's (`${…}`, `{{…}}`) stays as it is: Terraform has filled its own references in.
  const literal = asLiteral(row.after ?? {});
  const settings = settingsOfAttributes(literal as JsonObject, row, hide) as JobSettings;
  settings.name ??= "Untitled";
  return {
    resource,
    settings,
    place,
    placeOf: () => place,
    source: "terraform",
    previous: [],
    protect: false,
  };
}
