/** Renders Jinja templates: minijinja, strict about what is undefined, with the gaps to Jinja filled. */
import { createRequire } from "node:module";
import type { Environment as MiniJinja } from "minijinja-js";
import type { Json } from "../../../../util/json.ts";
import { FILTERS, METHODS } from "./filters.ts";
import { FormatFault } from "./python-format.ts";
import { rewriteTemplate } from "./rewrite.ts";

/** Why a template could not be rendered, with its place. */
export interface TemplateFault {
  template: string;
  /** From 1; 1 where the engine does not say. */
  line: number;
  column: number;
  /** `undefined value: job.workers`. */
  message: string;
  hint?: string | undefined;
}

export type Rendered = { text: string } | { fault: TemplateFault };

/** Templates of one folder, ready to be rendered. */
export interface Jinja {
  /** Faults of templates that are not Jinja, by name. */
  readonly faults: ReadonlyMap<string, TemplateFault>;
  render(template: string, values: Readonly<Record<string, Json>>): Rendered;
}

/** Steps that one rendering may take: a loop over a loop by mistake ends instead of filling the memory. */
const FUEL = 5_000_000;
const UNDEFINED_HINT =
  "give it in the definition; `{{ name | default(…) }}` where it may be absent (plain Jinja would print nothing there)";

/** `  2 > "w": {{ job.nope }},` with `i    ^^^^^^^^` below: line, column and what is marked. */
function excerptOf(text: string): { line: number; column: number; code: string; filtered?: boolean } | undefined {
  const lines = text.split("\n");
  for (const [index, shown] of lines.entries()) {
    const match = /^\s*(\d+) > /.exec(shown);
    const marks = lines[index + 1];
    if (match === null || marks === undefined) continue;
    const from = marks.indexOf("^");
    const line = Number(match[1]);
    if (from < 0) return { line, column: 1, code: "" };
    const marked = shown.slice(from, marks.lastIndexOf("^") + 1);
    // What is undefined is given to a filter: the engine marks the filter.
    const given = /([\w.[\]'"]*)\s*\|\s*$/.exec(shown.slice(0, from));
    const code = given ? `${given[1] || "…"} | ${marked}` : expressionAt(shown, marked, from);
    return { line, column: from - match[0].length + 1, code, filtered: given !== null };
  }
  return undefined;
}

function faultOf(error: unknown, template: string): TemplateFault {
  const text = error instanceof Error ? error.message : String(error);
  const first = text.split("\n")[0] ?? "";
  const place = /^(.*?)(?: \(in ([^)]*):(\d+)\))?$/.exec(first);
  const excerpt = excerptOf(text);
  const what = (place?.[1] ?? first).trim();
  const undefinedValue = what.startsWith("undefined value");
  const marked = excerpt?.code.trim() ?? "";
  return {
    template: place?.[2] ?? template,
    line: excerpt?.line ?? Number(place?.[3] ?? 1),
    column: excerpt?.column ?? 1,
    message:
      undefinedValue && marked !== "" ? `${marked} ${excerpt?.filtered ? "meets something" : "is"} undefined` : what,
    hint: undefinedValue ? UNDEFINED_HINT : undefined,
  };
}

/** The expression that ends where a mark ends: the engine marks only its last part. */
function expressionAt(shown: string, marked: string, from: number): string {
  const before = /[\w.[\]'"]*$/.exec(shown.slice(0, from))?.[0] ?? "";
  return (before + marked).trim();
}

/** Values as the engine takes them: integers that JavaScript's numbers cannot hold become their digits. */
function forTemplate(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return value.map(forTemplate);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, forTemplate(member)]));
}

/** A filter's answer as the engine takes it: it gives maps and takes objects. */
function forEngine(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forEngine);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), forEngine(item)]));
  return value;
}

/** How a filter of ours is written where it is none in Jinja. */
const WRITTEN: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(METHODS)
    .filter(([, filter]) => filter.startsWith("py"))
    .map(([method, filter]) => [filter, `\\.\\s*${method}\\s*\\(`]),
);

/** Where a template first uses a filter: the engine does not say which use failed. */
function firstUse(source: string, filter: string): { line: number; column: number } {
  const pattern = WRITTEN[filter] ?? `\\|\\s*${filter}\\b${filter === "format" ? "|[\"']\\s*%\\s*[(\\w]" : ""}`;
  const at = Math.max(0, source.search(new RegExp(pattern)));
  const before = source.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Names for which the engine would escape what is printed, which Jinja's loaders do not. */
const ESCAPED = /\.(json|js|html?|xml|ya?ml)(\.j2|\.jinja2?)?$/i;
const unescaped = (name: string, source: string): string =>
  ESCAPED.test(name) && !/\{%-?\s*(extends|macro)\b/.test(source)
    ? `{% autoescape false %}${source}{% endautoescape %}`
    : source;

/**
 * Opens templates by name, as `{% include %}` and `{% extends %}` name them.
 */
export function openJinja(templates: ReadonlyMap<string, string>): Jinja {
  const { Environment } = createRequire(import.meta.url)("minijinja-js") as { Environment: new () => MiniJinja };
  const engine = new Environment();
  engine.undefinedBehavior = "strict";
  engine.debug = true;
  engine.keepTrailingNewline = true;
  engine.fuel = FUEL;
  engine.enablePyCompat();
  // A filter that throws would bring the engine down: its fault is kept until the rendering is over.
  let failed: { message: string; filter: string } | undefined;
  for (const [name, filter] of Object.entries(FILTERS)) {
    engine.addFilter(name, (...given: unknown[]) => {
      try {
        return forEngine(filter(given[0], ...given.slice(1)));
      } catch (error) {
        if (!(error instanceof FormatFault)) throw error;
        failed ??= { message: error.message, filter: name };
        return "";
      }
    });
  }
  const faults = new Map<string, TemplateFault>();
  const sources = new Map<string, string>();
  for (const [name, text] of templates) {
    const source = rewriteTemplate(text);
    sources.set(name, source);
    try {
      engine.addTemplate(name, unescaped(name, source));
    } catch (error) {
      faults.set(name, faultOf(error, name));
    }
  }

  /** Include and import hide the fault of the inner template: it is found by rendering that alone. */
  function innermost(fault: TemplateFault, values: Readonly<Record<string, Json>>): TemplateFault {
    const inner = /error in "([^"]+)"/.exec(fault.message)?.[1];
    const source = inner === undefined ? undefined : sources.get(inner);
    if (inner === undefined || source === undefined) return fault;
    try {
      engine.renderStr(source, forTemplate(values) as object);
      return fault;
    } catch (error) {
      return { ...innermost(faultOf(error, inner), values), template: inner };
    }
  }

  return {
    faults,
    render(template, values) {
      const known = faults.get(template);
      if (known !== undefined) return { fault: known };
      failed = undefined;
      try {
        const text = engine.renderStr(sources.get(template) ?? "", forTemplate(values) as object);
        if (failed === undefined) return { text };
        const { message, filter } = failed as { message: string; filter: string };
        return { fault: { template, ...firstUse(templates.get(template) ?? "", filter), message } };
      } catch (error) {
        const fault = faultOf(error, template);
        return { fault: innermost(fault.template === "<string>" ? { ...fault, template } : fault, values) };
      }
    },
  };
}
