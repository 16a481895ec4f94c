/** YAML (and JSON) text → a tree of values with their places. */
import type { Placed, PlacedList, PlacedMap, YamlSource } from "./placed-yaml.ts";
import { parseLeniently, type YamlFault } from "./yaml-lenient.ts";
import { canStandInRow, parseStrictly, parseStrictlyInRow } from "./yaml-strict.ts";

/** More values than this can only come from aliases that multiply. */
const MOST_NODES = 5_000_000;

/** Number of values with aliases written out; stops counting beyond {@link MOST_NODES}. */
function countNodes(root: Placed): number {
  const counted = new Map<Placed, number>();
  const count = (node: Placed): number => {
    if (node.kind === "scalar") return 1;
    let sum = counted.get(node);
    if (sum === undefined) {
      sum = 1;
      for (const inner of childrenOf(node)) sum = Math.min(sum + count(inner), MOST_NODES + 1);
      counted.set(node, sum);
    }
    return sum;
  };
  return count(root);
}

function* childrenOf(node: PlacedList | PlacedMap): Generator<Placed> {
  if (node.kind === "list") yield* node.items;
  else for (const member of node.members.values()) yield member.value;
}

/** A text's tree; faults of syntax are beside what could be read. */
export interface ParsedYaml {
  /** Undefined only for a text without content, and for one whose aliases multiply without end. */
  root: Placed | undefined;
  faults: YamlFault[];
}

/**
 * Parses a YAML (or JSON) text. Faults of syntax do not throw: what could be read is still in `root`.
 */
export function parsePlacedYaml(text: string, file: string): ParsedYaml {
  const source: YamlSource = { file, text };
  return parsed(source, parseStrictly(source));
}

function parsed(source: YamlSource, strict: { root: Placed | undefined } | undefined): ParsedYaml {
  const { root, faults } = strict ? { ...strict, faults: [] } : parseLeniently(source);
  if (root && source.text.includes("&") && countNodes(root) > MOST_NODES) {
    const fault: YamlFault = { severity: "error", message: "its aliases multiply to millions of values", spot: root };
    return { root: undefined, faults: [...faults, fault] };
  }
  return { root, faults };
}

/** Characters that are read in one go: what the parser remembers of a text is several times its size. */
const MOST_IN_ROW = 2_000_000;

/** Parses many files, each as {@link parsePlacedYaml} does and in less than half the time; the answers in their order. */
export function parsePlacedYamls(files: readonly YamlSource[]): ParsedYaml[] {
  const answers = new Map<YamlSource, ParsedYaml>();
  let row: YamlSource[] = [];
  let size = 0;
  const readRow = (): void => {
    const read = row.length > 1 ? parseStrictlyInRow(row) : undefined;
    row.forEach((source, index) => {
      answers.set(source, parsed(source, read ? read[index] : parseStrictly(source)));
    });
    row = [];
    size = 0;
  };
  for (const source of files) {
    if (!canStandInRow(source.text)) continue;
    if (size + source.text.length > MOST_IN_ROW) readRow();
    row.push(source);
    size += source.text.length;
  }
  readRow();
  return files.map((source) => answers.get(source) ?? parsePlacedYaml(source.text, source.file));
}
