/**
 * Takes values found in the workspace into a YAML file, in place: single scalars are replaced or added, everything else
 * (comments, order, quotes) stays byte for byte. What cannot be done so is said, not tried. Pure.
 */
import { isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type Scalar, visit, type YAMLMap } from "yaml";
import { type PathStep, parsePath } from "../../../model/field-shape.ts";
import type { Json } from "../../../util/json.ts";
import type { LineEdit } from "../../../util/unified-diff.ts";

/** One value to take over. */
export interface FoundValue {
  resource: string;
  /** Path in the job's settings, as plans write it. */
  path: string;
  /** Place of the declared value, or of what it would stand in. */
  line: number;
  column: number;
  /** What is declared; undefined where nothing is. */
  declared: Json | undefined;
  /** What was found; undefined where nothing was. */
  found: Json | undefined;
}

/** What became of the values. */
export interface Adopted {
  edits: LineEdit[];
  left: { value: FoundValue; why: string }[];
}

/** What stands in a plan for a secret. */
const HIDDEN = "(hidden)";

type Answer = LineEdit | string;

const isPlain = (value: Json | undefined): value is string | number | bigint | boolean =>
  value !== undefined && value !== null && typeof value !== "object";

/** A scalar as YAML, such that it reads back as the same value anywhere, also within `{ }`. */
function scalarText(value: string | number | bigint | boolean): string {
  if (typeof value !== "string") return String(value);
  const bare = /^[A-Za-z_/][A-Za-z0-9_./@-]*$/.test(value) && parseDocument(value).toJS() === value;
  return bare ? value : JSON.stringify(value);
}

/** The edits that take `values` into `text`. */
export function adoptValues(text: string, values: readonly FoundValue[]): Adopted {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, keepSourceTokens: true });
  const starts = lines.lineStarts;
  const at = (offset: number) => lines.linePos(offset);
  const adopted: Adopted = { edits: [], left: [] };
  for (const value of values) {
    const offset = (starts[value.line - 1] ?? text.length) + value.column - 1;
    const answer = editOf(value, offset);
    if (typeof answer === "string") adopted.left.push({ value, why: answer });
    else adopted.edits.push(answer);
  }
  return adopted;

  function editOf(value: FoundValue, offset: number): Answer {
    const { found } = value;
    if (found === undefined) return "it was taken out in the workspace";
    if (found === HIDDEN) return "it is a secret";
    if (!isPlain(found)) return "it is more than one value";
    if (typeof found === "string" && found.includes("${")) return "its new value would be read as a reference";
    const steps = parsePath(value.path) ?? [];
    const last = steps.at(-1);
    if (last?.kind !== "member") return "it is part of a list";
    let answer: Answer = "it is declared elsewhere";
    visit(doc, {
      Pair(_, pair) {
        const key = keyOf(pair);
        if (key?.range?.[0] === offset || rangeStart(pair.value) === offset) {
          if (key?.value === last.name && isScalar(pair.value)) answer = replace(pair.value, value, found);
          else if (isMap(pair.value) && isParent(key, steps, value.resource))
            answer = add(pair.value, last.name, found);
        }
      },
      Map(_, map, ancestors) {
        const inList = isSeq(ancestors.at(-1));
        if (inList && map.range?.[0] === offset && isElement(map, steps)) answer = add(map, last.name, found);
      },
    });
    return answer;
  }

  function replace(node: Scalar, value: FoundValue, found: string | number | bigint | boolean): Answer {
    const [start = 0, end = 0] = node.range ?? [];
    if (text.slice(start, end).includes("${")) return "it is declared by a variable";
    if (String(node.value) !== String(value.declared)) return "it is declared otherwise";
    if (node.anchor !== undefined) return "it is used in several places";
    const [from, to] = [at(start), at(end)];
    if (from.line !== to.line) return "it is written on several lines";
    return { line: from.line, from: from.col - 1, to: to.col - 1, text: scalarText(found) };
  }

  function add(map: YAMLMap, name: string, found: string | number | bigint | boolean): Answer {
    if (map.has(name)) return "it is declared otherwise";
    if (map.anchor !== undefined) return "what it belongs to is used in several places";
    const member = `${name}: ${scalarText(found)}`;
    const pair = map.items.at(-1);
    const end = endOf(pair);
    const first = keyOf(map.items[0])?.range?.[0];
    if (end === undefined || first === undefined) return "what it belongs to is empty";
    if (map.flow) {
      const place = at(end);
      return { line: place.line, from: place.col - 1, to: place.col - 1, text: `, ${member}` };
    }
    // Behind the last member and its comment, at the indentation of the first.
    const place = at(end);
    const lineEnd = (starts[place.line] ?? text.length + 1) - 1;
    const here = lineEnd - (starts[place.line - 1] ?? 0);
    const carriage = text[lineEnd - 1] === "\r" ? 1 : 0;
    const added = `${carriage ? "\r" : ""}\n${" ".repeat(at(first).col - 1)}${member}`;
    return { line: place.line, from: here - carriage, to: here - carriage, text: added };
  }
}

const keyOf = (pair: Pair | undefined): Scalar | undefined => (isScalar(pair?.key) ? pair.key : undefined);
const rangeStart = (node: unknown): number | undefined =>
  typeof node === "object" && node !== null && "range" in node ? (node.range as number[] | undefined)?.[0] : undefined;

/** Where the last value in a pair ends. */
function endOf(pair: Pair | undefined): number | undefined {
  const { value } = pair ?? {};
  if ((isMap(value) || isSeq(value)) && !value.flow) {
    const last = value.items.at(-1);
    if (isMap(value)) return endOf(last as Pair | undefined);
    return isMap(last) && !last.flow ? endOf(last.items.at(-1)) : rangeEnd(last);
  }
  return rangeEnd(value) ?? rangeEnd(pair?.key);
}

const rangeEnd = (node: unknown): number | undefined =>
  typeof node === "object" && node !== null && "range" in node ? (node.range as number[] | undefined)?.[1] : undefined;

/** Whether the member that a path ends with lies directly in the map below this key. */
function isParent(key: Scalar | undefined, steps: readonly PathStep[], resource: string): boolean {
  const parent = steps.at(-2);
  return parent === undefined ? key?.value === resource : parent.kind === "member" && key?.value === parent.name;
}

/** The same for the element of a list. */
function isElement(map: YAMLMap, steps: readonly PathStep[]): boolean {
  const parent = steps.at(-2);
  return parent?.kind === "key" && String(map.get(parent.key)) === parent.value;
}
