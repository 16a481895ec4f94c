/** Settings written as lines that read like the declaration. */
import type { Json, JsonObject } from "./json-value.ts";

/** One line: what stands where, coloured by its parts. */
export interface YamlLine {
  /** From 0. */
  number: number;
  depth: number;
  /** Starts an element of a list. */
  dash: boolean;
  key: string | undefined;
  /** Exact text of a scalar; a block of lines where the text has several. */
  value: string | undefined;
  kind: "string" | "number" | "word" | "reference" | "none";
  /** Task whose lines these are. */
  task: string | undefined;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Plain scalars of YAML 1.2 that need no quotes. */
const PLAIN = /^(?:[A-Za-z0-9_./$(]|[-+@](?=\S))[^#:\n]*$/;
const AMBIGUOUS = /^(true|false|null|yes|no|on|off|~|-?[\d.]+([eE][-+]?\d+)?|0x[0-9a-f]+)$/i;

/** A scalar as YAML has it, and what it is. */
export function scalar(value: Json): { text: string; kind: YamlLine["kind"] } {
  if (typeof value === "number" || typeof value === "bigint") return { text: String(value), kind: "number" };
  if (typeof value === "boolean" || value === null) return { text: String(value), kind: "word" };
  if (typeof value !== "string") return { text: JSON.stringify(value), kind: "none" };
  const kind = /\$\{|\{\{/.test(value) ? "reference" : "string";
  const plain = PLAIN.test(value) && !AMBIGUOUS.test(value) && value.trim() === value;
  return { text: plain || value.includes("\n") ? value : JSON.stringify(value), kind };
}

const keyText = (key: string) => (PLAIN.test(key) && !AMBIGUOUS.test(key) ? key : JSON.stringify(key));

function isEmpty(value: Json): boolean {
  return (Array.isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);
}

function pushValue(lines: YamlLine[], base: Omit<YamlLine, "value" | "kind" | "number">, value: Json): void {
  if (isEmpty(value)) {
    lines.push({ number: lines.length, ...base, value: Array.isArray(value) ? "[]" : "{}", kind: "none" });
  } else if (Array.isArray(value)) {
    lines.push({ number: lines.length, ...base, value: undefined, kind: "none" });
    pushList(lines, value, base.depth + 1, base.task, base.key === "tasks");
  } else if (isObject(value)) {
    lines.push({ number: lines.length, ...base, value: undefined, kind: "none" });
    pushObject(lines, value, base.depth + 1, base.task);
  } else {
    const { text, kind } = scalar(value);
    lines.push({ number: lines.length, ...base, value: text, kind });
  }
}

function pushObject(lines: YamlLine[], object: JsonObject, depth: number, task: string | undefined): void {
  for (const [key, value] of Object.entries(object))
    if (value !== undefined) pushValue(lines, { depth, dash: false, key: keyText(key), task }, value);
}

function pushList(lines: YamlLine[], list: Json[], depth: number, task: string | undefined, tasks: boolean): void {
  for (const item of list) {
    const key = tasks && isObject(item) && typeof item.task_key === "string" ? item.task_key : task;
    if (!isObject(item) || isEmpty(item)) {
      pushValue(lines, { depth, dash: true, key: undefined, task: key }, item);
      continue;
    }
    const start = lines.length;
    pushObject(lines, item, depth + 1, key);
    const first = lines[start];
    if (first) lines[start] = { ...first, depth, dash: true };
  }
}

/** Lines of settings, in their own order. */
export function yamlLines(settings: JsonObject): YamlLine[] {
  const lines: YamlLine[] = [];
  pushObject(lines, settings, 0, undefined);
  return lines;
}

/** The lines as text, two blanks a level. */
export function yamlText(lines: YamlLine[]): string {
  return lines
    .map((line) => {
      const head = `${"  ".repeat(line.depth)}${line.dash ? "- " : ""}${line.key === undefined ? "" : `${line.key}:`}`;
      if (line.value === undefined) return head;
      const gap = line.key === undefined ? "" : " ";
      if (!line.value.includes("\n")) return `${head}${gap}${line.value}`;
      const inner = "  ".repeat(line.depth + (line.dash ? 2 : 1));
      return `${head}${gap}|\n${line.value.trimEnd().replace(/^/gm, inner)}`;
    })
    .join("\n");
}
