/** JSON Schemas for editors: of headgate.yaml, of job files, of process files. */
import * as z from "zod";
import { type FieldShape, JOB } from "../model/job-fields.ts";
import type { Json, JsonObject } from "../util/json.ts";
import { ProcessesFile } from "./processes.ts";
import { ConfigFile } from "./schema.ts";

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** Text of a reference, which may stand for any value. */
const REFERENCE = { type: "string", pattern: "\\$\\{" };

/** Schema of a field; shapes with a name become definitions, so that a task is written once. */
function fieldSchema(shape: FieldShape, definitions: JsonObject): JsonObject {
  const about: JsonObject = shape.about ? { description: shape.about } : {};
  switch (shape.kind) {
    case "string":
      // Anything plain is taken as the text that is written.
      return { ...about, type: ["string", "number", "boolean"] };
    case "boolean":
      return { ...about, anyOf: [{ type: "boolean" }, REFERENCE] };
    case "int32":
    case "int64":
      return { ...about, anyOf: [{ type: "integer" }, { type: "string", pattern: "^-?\\d+$|\\$\\{" }] };
    case "double":
      return { ...about, anyOf: [{ type: "number" }, REFERENCE] };
    case "enum":
      return { ...about, anyOf: [{ enum: [...shape.values] }, REFERENCE] };
    case "list":
      return { ...about, anyOf: [{ type: "array", items: fieldSchema(shape.items, definitions) }, REFERENCE] };
    case "map":
      return {
        ...about,
        anyOf: [{ type: "object", additionalProperties: fieldSchema(shape.values, definitions) }, REFERENCE],
      };
    case "object": {
      const made = (): JsonObject => ({
        ...about,
        type: ["object", "string"],
        properties: Object.fromEntries(
          Object.entries(shape.fields).map(([name, field]) => [name, fieldSchema(field, definitions)]),
        ),
        ...(shape.required ? { required: [...shape.required] } : {}),
      });
      if (!shape.name) return made();
      if (definitions[shape.name] === undefined) {
        definitions[shape.name] = true;
        definitions[shape.name] = made();
      }
      return { $ref: `#/$defs/${shape.name}` };
    }
  }
}

/** What a declared job has beside the settings of the Jobs API. */
const OWN: Record<string, Json> = {
  previous: {
    description: "former resource ids: the job keeps its id",
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
  },
  moved: {
    description: "the same as previous",
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
  },
  permissions: {
    type: "array",
    items: {
      type: "object",
      properties: {
        level: { enum: ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"] },
        user_name: { type: "string" },
        group_name: { type: "string" },
        service_principal_name: { type: "string" },
      },
      required: ["level"],
    },
  },
  access_control_list: { type: "array", items: { type: "object" } },
  lifecycle: {
    type: "object",
    properties: { prevent_destroy: { type: "boolean", description: "never delete, also when no longer declared" } },
  },
};

function jobsSchema(): JsonObject {
  const definitions: JsonObject = {};
  fieldSchema(JOB, definitions);
  const job = definitions.Job as JsonObject;
  definitions.Job = { ...job, properties: { ...OWN, ...(job.properties as JsonObject) } };
  const jobs = { type: "object", additionalProperties: { $ref: "#/$defs/Job" } };
  return {
    $schema: DRAFT,
    description: "jobs/*.yml: jobs by resource id; also bundle files",
    type: "object",
    properties: {
      jobs,
      resources: { type: "object", properties: { jobs } },
      variables: { type: "object" },
      moved: { type: ["object", "array"], description: "former resource ids: { old: new }" },
    },
    $defs: definitions,
  };
}

/** The JSON Schema (draft 2020-12) of one of our files. */
export function jsonSchema(what: "config" | "jobs" | "processes"): JsonObject {
  if (what === "jobs") return jobsSchema();
  const schema = what === "config" ? ConfigFile : ProcessesFile;
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonObject;
}
