/** docs/reference/config.md: every key of headgate.yaml, from its schema. */
import { jsonSchema } from "../../src/config/json-schema.ts";

/** The part of JSON Schema that the config's schema uses. */
interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
}

interface Line {
  key: string;
  value: string;
  preset: string;
  about: string;
}

const code = (value: unknown): string => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
/** A vertical bar ends a cell, in backticks too. */
const cell = (text: string): string => text.replaceAll("|", "\\|");

const kindOf = (schema: Schema): string | undefined => {
  const kind = schema.properties?.kind?.const;
  return typeof kind === "string" ? kind : undefined;
};

const shapeOf = (schema: Schema): string => {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(", ");
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices)
    return [
      ...new Set(choices.map((choice) => (kindOf(choice) ? `kind ${code(kindOf(choice))}` : shapeOf(choice)))),
    ].join(", ");
  if (schema.type === "array") return `list of ${shapeOf(schema.items ?? {})}`;
  if (schema.type === "object") return typeof schema.additionalProperties === "object" ? "map" : "object";
  if (schema.type === undefined) return "anything";
  return [schema.type].flat().join(", ").replace("string", "text");
};

/** Lines of a value's own keys, below `path`. */
const below = (path: string, schema: Schema): Line[] => {
  const choices = schema.oneOf ?? schema.anyOf ?? [];
  return [
    ...keysOf(path, schema),
    ...choices.flatMap((choice) => {
      const kind = kindOf(choice);
      return kind === undefined ? below(path, choice) : keysOf(`${path} (${kind})`, choice);
    }),
    ...(schema.items ? below(`${path}[]`, schema.items) : []),
    ...(typeof schema.additionalProperties === "object" ? below(`${path}.NAME`, schema.additionalProperties) : []),
  ];
};

const keysOf = (path: string, schema: Schema): Line[] =>
  Object.entries(schema.properties ?? {})
    .filter(([name]) => name !== "kind")
    .flatMap(([name, property]) => {
      const key = path === "" ? name : `${path}.${name}`;
      const needed = schema.required?.includes(name) && property.default === undefined;
      const preset = property.default === undefined ? (needed ? "required" : "") : code(property.default);
      return [{ key, value: shapeOf(property), preset, about: property.description ?? "" }, ...below(key, property)];
    });

/** The page. */
export function configPage(): string {
  const lines = keysOf("", jsonSchema("config") as unknown as Schema);
  return [
    "# headgate.yaml",
    "",
    "Every key. `NAME` stands for a name you choose, `[]` for an element of a list, `(kind)` for the values with that `kind`.",
    "Unknown keys are refused. A value may hold `${env:NAME}`, `${file:PATH}` and `${var.NAME}`; secrets are given by such a reference only.",
    "`headgate schema` prints the same as a JSON Schema for editors.",
    "",
    "| key | value | default | meaning |",
    "|---|---|---|---|",
    ...lines.map(
      ({ key, value, preset, about }) => `| \`${key}\` | ${cell(value)} | ${cell(preset)} | ${cell(about)} |`,
    ),
    "",
  ].join("\n");
}
