import { describe, expect, it } from "vitest";
import { isObject, type JsonObject } from "../util/json.ts";
import { jsonSchema } from "./json-schema.ts";

/** Follows names through `properties`, map values, list items and references. */
function at(schema: JsonObject, path: string[]): JsonObject | undefined {
  let node: unknown = schema;
  for (const step of path) {
    if (isObject(node) && typeof node.$ref === "string") node = (schema.$defs as JsonObject)[node.$ref.slice(8)];
    if (!isObject(node)) return undefined;
    const choices = Array.isArray(node.anyOf) ? node.anyOf.filter(isObject) : [node];
    const holder = choices.find((choice) => choice.properties ?? choice.additionalProperties ?? choice.items);
    if (!holder) return undefined;
    if (step === "*") node = holder.items ?? holder.additionalProperties;
    else node = (holder.properties as JsonObject | undefined)?.[step];
  }
  return isObject(node) ? node : undefined;
}

describe("schemas for editors", () => {
  it("of the config know its parts and choices", () => {
    const schema = jsonSchema("config");
    expect(Object.keys(schema.properties as JsonObject)).toEqual(
      expect.arrayContaining([
        "version",
        "project",
        "store",
        "workspaces",
        "targets",
        "jobs",
        "runs",
        "lineage",
        "server",
      ]),
    );
    expect(schema.required).toEqual(["project"]);
    expect(at(schema, ["targets", "*", "mode"])?.enum).toEqual(["development", "production"]);
    expect(JSON.stringify(schema)).toContain("storage-logs");
  });

  it("of jobs know every field, with values and descriptions", () => {
    const schema = jsonSchema("jobs");
    const runIf = at(schema, ["jobs", "*", "tasks", "*", "run_if"]);
    expect(JSON.stringify(runIf)).toContain("AT_LEAST_ONE_FAILED");
    expect(at(schema, ["jobs", "*", "schedule", "timezone_id"])?.description).toContain("Java time zone");
    expect(
      at(schema, [
        "resources",
        "jobs",
        "*",
        "tasks",
        "*",
        "for_each_task",
        "task",
        "notebook_task",
        "base_parameters",
        "*",
      ]),
    ).toBeDefined();
    expect(at(schema, ["jobs", "*", "lifecycle", "prevent_destroy"])).toMatchObject({ type: "boolean" });
    expect(at(schema, ["jobs", "*", "max_retrys"])).toBeUndefined();
    // One definition a shape: the file stays small enough for an editor.
    expect(JSON.stringify(schema).length).toBeLessThan(60_000);
  });

  it("of processes know the catalogue", () => {
    const schema = jsonSchema("processes");
    expect(at(schema, ["processes", "*", "tasks", "*", "sourceIdentifier"])).toMatchObject({ type: "string" });
    expect(at(schema, ["processes", "*", "loadFrequency"])?.enum).toEqual(["D", "W", "M", "Y", "A"]);
  });
});
