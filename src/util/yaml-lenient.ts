/** Parses YAML of every form, with messages for what is wrong: the careful and slow way (package `yaml`). */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, Scalar } from "yaml";
import type { Placed, PlacedList, PlacedMap, PlacedScalar, Spot, YamlSource } from "./placed-yaml.ts";
import { addMember, mergeInto } from "./yaml-members.ts";

/** A fault of the text itself. */
export interface YamlFault {
  severity: "error" | "warning";
  message: string;
  hint?: string | undefined;
  spot: Spot;
}

/** The line of a text in which an offset lies, without its indent, at most 60 characters. */
function excerpt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", offset);
  const line = text.slice(start, end < 0 ? undefined : end).trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

interface Conversion {
  document: Document;
  source: YamlSource;
  faults: YamlFault[];
  /** Aliases share the tree of their anchor. */
  anchors: Map<Node, Placed>;
  open: Set<Node>;
}

function convertScalar(node: Scalar, spot: Spot): PlacedScalar {
  const { value } = node;
  const text = node.source ?? String(value);
  if (typeof value === "bigint") {
    const small = Number(value);
    return { kind: "scalar", value: Number.isSafeInteger(small) ? small : value, text, ...spot };
  }
  if (value === null || typeof value === "boolean") return { kind: "scalar", value, text, ...spot };
  // .inf and .nan have no JSON form.
  if (typeof value === "number" && Number.isFinite(value)) return { kind: "scalar", value, text, ...spot };
  const string = typeof value === "string" ? value : text;
  return { kind: "scalar", value: string, text: string, ...spot };
}

function convert(node: unknown, parent: Spot, state: Conversion): Placed {
  const spot = { source: state.source, offset: (node as Node | null)?.range?.[0] ?? parent.offset };
  if (isAlias(node)) {
    const anchored = node.resolve(state.document);
    if (anchored && !state.open.has(anchored)) return state.anchors.get(anchored) ?? convert(anchored, spot, state);
    const message = anchored ? `*${node.source} contains itself` : `there is no anchor &${node.source} above`;
    state.faults.push({ severity: "error", message, spot });
    return { kind: "scalar", value: null, text: "", ...spot };
  }
  if (isScalar(node)) {
    const scalar = convertScalar(node, spot);
    if (node.anchor) state.anchors.set(node, scalar);
    return scalar;
  }
  if (isMap(node) || isSeq(node)) {
    state.open.add(node);
    const placed = isMap(node) ? convertMap(node.items, spot, state) : convertList(node.items, spot, state);
    state.open.delete(node);
    if (node.anchor) state.anchors.set(node, placed);
    return placed;
  }
  return { kind: "scalar", value: null, text: "", ...spot };
}

function convertList(items: readonly unknown[], spot: Spot, state: Conversion): PlacedList {
  return { kind: "list", items: items.map((item) => convert(item, spot, state)), ...spot };
}

function convertMap(pairs: readonly { key: unknown; value: unknown }[], spot: Spot, state: Conversion): PlacedMap {
  const map: PlacedMap = { kind: "map", members: new Map(), ...spot };
  const merged: Placed[] = [];
  for (const pair of pairs) {
    const keyNode = isAlias(pair.key) ? pair.key.resolve(state.document) : pair.key;
    const at = { source: state.source, offset: (pair.key as Node | null)?.range?.[0] ?? spot.offset };
    if (keyNode !== null && !isScalar(keyNode)) {
      state.faults.push({ severity: "error", message: "a key must be plain text", spot: at });
      continue;
    }
    const plain = keyNode?.type === Scalar.PLAIN || keyNode?.type === undefined;
    const key = plain ? (keyNode?.source ?? "") : String(keyNode?.value);
    const value = convert(pair.value, at, state);
    if (key === "<<" && plain) {
      merged.push(...(value.kind === "list" ? value.items : [value]));
      continue;
    }
    addMember(map, key, { value, ...at });
  }
  for (const other of mergeInto(map, merged)) {
    state.faults.push({ severity: "error", message: "<< takes a map, or a list of maps", spot: other });
  }
  return map;
}

/** Parses any text, also a faulty one: what could be read of it, and everything that is wrong with it. */
export function parseLeniently(source: YamlSource): { root: Placed | undefined; faults: YamlFault[] } {
  const { text } = source;
  const documents = parseAllDocuments(text, {
    intAsBigInt: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  const faults: YamlFault[] = [];
  if (!Array.isArray(documents)) return { root: undefined, faults };
  const [document, second] = documents;
  if (!document) return { root: undefined, faults };
  for (const { errors, warnings } of documents) {
    for (const fault of [...errors, ...warnings]) {
      const offset = Math.min(fault.pos[0], Math.max(text.length - 1, 0));
      faults.push({
        severity: fault.name === "YAMLWarning" ? "warning" : "error",
        message: `${fault.message.replace(/\s+/g, " ").replace(/\.$/, "")}, near \`${excerpt(text, offset)}\``,
        hint: fault.code === "TAB_AS_INDENT" ? "indent with blanks" : undefined,
        spot: { source, offset },
      });
    }
  }
  if (second) {
    const spot = { source, offset: second.contents?.range?.[0] ?? second.range[0] };
    faults.push({
      severity: "error",
      message: "only one YAML document a file is read",
      hint: "remove the `---`",
      spot,
    });
  }
  if (document.contents === null) return { root: undefined, faults };
  const state: Conversion = { document, source, faults, anchors: new Map(), open: new Set() };
  const root = convert(document.contents, { source, offset: 0 }, state);
  return { root, faults };
}
