/**
 * Terraform state → its Databricks jobs. Format 4, as `terraform state pull` writes it and bundles of the older engine
 * keep it (Terraform: "State v4", `internal/states/statefile`).
 */
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";
import { type DeployedJob, jobIdOf, stateFault } from "./deployed-job.ts";

const FORMAT = 4;

/** A name as one key of ours: `load["eu-west"]` → `load_eu-west`. */
export const keyOf = (text: string): string => text.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "");

interface Instance extends DeployedJob {
  /** The key with its modules, for a name that several modules have. */
  whole: string;
}

/** Host of the job's page, which the provider keeps as `url`. */
function hostOf(attributes: JsonObject): string | undefined {
  const url = attributes.url;
  return typeof url === "string" && URL.canParse(url) ? new URL(url).host : undefined;
}

function instancesOf(resource: JsonObject, at: string, file: string): Instance[] {
  const { module, name, instances } = resource;
  if (typeof name !== "string" || !Array.isArray(instances))
    throw stateFault(file, `${at} has no name or no instances`, "is it a whole state? terraform state pull writes one");
  return instances.flatMap((instance, index): Instance[] => {
    // A deposed object is one that Terraform is about to delete.
    if (!isObject(instance) || instance.deposed !== undefined) return [];
    const path = `${at}.instances[${index}].attributes`;
    const attributes = instance.attributes;
    if (!isObject(attributes))
      throw stateFault(file, `${path} is missing`, "terraform state pull writes a whole state");
    const { index_key: key } = instance;
    const modules = typeof module === "string" ? `${module}.` : "";
    const suffix = key === undefined || key === null ? "" : typeof key === "number" ? `[${key}]` : `["${String(key)}"]`;
    const plain = keyOf(`${name}${key === undefined || key === null ? "" : `_${String(key)}`}`);
    return [
      {
        resource: plain,
        whole: keyOf(`${modules.replace(/\bmodule\./g, "")}${plain}`),
        jobId: jobIdOf(attributes.id, file, `${path}.id`),
        from: `${file}: ${modules}databricks_job.${name}${suffix}`,
        host: hostOf(attributes),
      },
    ];
  });
}

/**
 * The jobs of a state, in its order. A name that several modules have gets its modules before it.
 * @param file how the state is called in messages
 * @throws HeadgateError `input_invalid` for a state that is none, or of another format
 */
export function jobsOfTerraformState(state: Json, file: string): DeployedJob[] {
  if (!isObject(state)) throw stateFault(file, "this is no Terraform state", "terraform state pull writes one");
  if (state.format_version !== undefined)
    throw stateFault(file, "this is what `terraform show -json` writes", "give it what `terraform state pull` writes");
  if (state.version !== FORMAT || !Array.isArray(state.resources))
    throw stateFault(
      file,
      `version is ${JSON.stringify(state.version ?? null)}; a state of format ${FORMAT} is needed`,
      "Terraform 0.12 or later writes format 4: terraform state pull",
    );
  const found = state.resources.flatMap((resource, index) =>
    isObject(resource) && resource.mode === "managed" && resource.type === "databricks_job"
      ? instancesOf(resource, `resources[${index}]`, file)
      : [],
  );
  const times = new Map<string, number>();
  for (const { resource } of found) times.set(resource, (times.get(resource) ?? 0) + 1);
  return found.map(({ whole, ...job }) => ((times.get(job.resource) ?? 0) > 1 ? { ...job, resource: whole } : job));
}

/** What bundles call the provider's types. */
const KINDS: Readonly<Record<string, string | undefined>> = {
  databricks_alert: "alerts",
  databricks_app: "apps",
  databricks_cluster: "clusters",
  databricks_dashboard: "dashboards",
  databricks_mlflow_experiment: "experiments",
  databricks_mlflow_model: "models",
  databricks_model_serving: "model_serving_endpoints",
  databricks_pipeline: "pipelines",
  databricks_registered_model: "registered_models",
  databricks_schema: "schemas",
  databricks_sql_endpoint: "sql_warehouses",
  databricks_volume: "volumes",
};

/** Ids of the other resources that the state of a bundle's older engine names, by `pipelines.load`. */
export function idsOfTerraformState(state: Json): Map<string, string> {
  const resources = isObject(state) && Array.isArray(state.resources) ? state.resources.filter(isObject) : [];
  return new Map(
    resources.flatMap(({ mode, type, name, instances }): [string, string][] => {
      const kind = KINDS[String(type)];
      const [first] = Array.isArray(instances) ? instances : [];
      const id = isObject(first) && isObject(first.attributes) ? first.attributes.id : undefined;
      return mode !== "managed" || kind === undefined || typeof id !== "string"
        ? []
        : [[`${kind}.${String(name)}`, id]];
    }),
  );
}
