/**
 * Keeps values with quotes, backslashes and line breaks from breaking, or adding to, the document that a template makes.
 * Such a text goes through the template as a token of harmless letters, and is put back once the document is parsed. Pure.
 */
import { isObject, type Json } from "../../../util/json.ts";
import { mapPlaced, type Placed } from "../../../util/placed-yaml.ts";

/** Private-use letters that no template and no value of its own accord holds. */
const OPEN = "\uE0F0";
const CLOSE = "\uE0F1";
const TOKEN = new RegExp(`${OPEN}vAr(\\d+)${CLOSE}`, "g");
/** Quotes, backslashes, anything that ends a line, blanks at an end, and what YAML reads as more than text. */
const HARMFUL = /["'\\\p{Cc}\u2028\u2029]|^\s|\s$|[:#]\s|\s#/u;

/** Values for a template, and the way back. */
export interface SafeValues {
  values: Record<string, Json>;
  /** True where something was replaced. */
  any: boolean;
  /** Whether what was made of the tokens is what was made of the texts, letter by letter but for JSON's escapes. */
  agrees(withTokens: string, withTexts: string): boolean;
  /** Puts the texts back into what was parsed. */
  restore(root: Placed): Placed;
}

/** Forms in which a text may stand in a document: as it is, or escaped by `tojson`. */
function formsOf(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const html = escaped.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  return [text, escaped, html];
}

/** Replaces every text that could break a document. */
export function safeValues(values: Readonly<Record<string, Json>>): SafeValues {
  const texts: string[] = [];
  const hide = (value: Json): Json => {
    if (typeof value === "string") {
      if (!HARMFUL.test(value)) return value;
      texts.push(value);
      return `${OPEN}vAr${texts.length - 1}${CLOSE}`;
    }
    if (Array.isArray(value)) return value.map(hide);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, hide(member ?? null)]));
  };
  const hidden = hide(values as Json) as Record<string, Json>;
  const back = (text: string) => text.replace(TOKEN, (_token, index: string) => texts[Number(index)] ?? "");
  return {
    values: hidden,
    any: texts.length > 0,
    agrees(withTokens, withTexts) {
      let from = 0;
      let at = 0;
      for (const match of withTokens.matchAll(TOKEN)) {
        const between = withTokens.slice(from, match.index);
        if (!withTexts.startsWith(between, at)) return false;
        at += between.length;
        const form = formsOf(texts[Number(match[1])] ?? "").find((one) => withTexts.startsWith(one, at));
        if (form === undefined) return false;
        at += form.length;
        from = match.index + match[0].length;
      }
      return withTokens.slice(from) === withTexts.slice(at);
    },
    restore: (root) =>
      mapPlaced(
        root,
        "",
        (scalar) => {
          if (typeof scalar.value !== "string" || !scalar.value.includes(OPEN)) return scalar;
          const text = back(scalar.value);
          return { ...scalar, value: text, text };
        },
        back,
      ),
  };
}

/** The shape of a tree: its keys and lengths, without its values. */
export function shapeOf(node: Placed): Json {
  if (node.kind === "scalar") return null;
  if (node.kind === "list") return node.items.map(shapeOf);
  return Object.fromEntries([...node.members].map(([key, member]) => [key, shapeOf(member.value)]));
}
