/** Every import of a source file, found by a real parser: static, type-only, re-exported, dynamic, `import("…")` types and `require`. */
import { parseSync } from "vite";

/** One edge out of a file. */
export interface Import {
  /** The text in quotes; undefined where it is computed at run time. */
  specifier: string | undefined;
  typeOnly: boolean;
  /** 1-based. */
  line: number;
}

interface Node {
  type: string;
  start: number;
  [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";

const literal = (value: unknown): string | undefined => {
  if (!isNode(value)) return undefined;
  if (value.type === "Literal" && typeof value.value === "string") return value.value;
  if (value.type !== "TemplateLiteral") return undefined;
  const quasis = value.quasis as { value: { cooked: string } }[];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
};

const allTypes = (node: Node, kind: "importKind" | "exportKind"): boolean => {
  if (node[kind] === "type") return true;
  const specifiers = node.specifiers as Node[] | undefined;
  return specifiers !== undefined && specifiers.length > 0 && specifiers.every((item) => item[kind] === "type");
};

/** What one syntax node imports, or undefined where it imports nothing. */
const importOf = (node: Node): Omit<Import, "line"> | undefined => {
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier: literal(node.source), typeOnly: allTypes(node, "importKind") };
    case "ExportAllDeclaration":
      return { specifier: literal(node.source), typeOnly: node.exportKind === "type" };
    case "ExportNamedDeclaration":
      return node.source ? { specifier: literal(node.source), typeOnly: allTypes(node, "exportKind") } : undefined;
    case "ImportExpression":
      return { specifier: literal(node.source), typeOnly: false };
    case "TSImportType":
      return { specifier: literal(node.source), typeOnly: true };
    case "TSExternalModuleReference":
      return { specifier: literal(node.expression), typeOnly: false };
    case "CallExpression": {
      const callee = node.callee as Node;
      const name = callee.type === "MemberExpression" ? (callee.object as Node).name : callee.name;
      if (name !== "require") return undefined;
      return { specifier: literal((node.arguments as unknown[])[0]), typeOnly: false };
    }
    default:
      return undefined;
  }
};

/**
 * Imports of one file in the order they stand in it.
 *
 * @param name file name; its ending chooses the syntax (`.ts`, `.tsx`)
 * @throws Error where the file does not parse
 */
export function importsOf(name: string, source: string): Import[] {
  const parsed = parseSync(name, source);
  const [problem] = parsed.errors;
  if (problem) throw new Error(`${name}: ${problem.message}`);
  const found: Import[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    if (!isNode(value)) return;
    const edge = importOf(value);
    if (edge) found.push({ ...edge, line: source.slice(0, value.start).split("\n").length });
    for (const child of Object.values(value)) if (typeof child === "object" && child !== null) walk(child);
  };
  walk(parsed.program);
  return found;
}
