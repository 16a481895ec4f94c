/** Filters of Jinja that the engine lacks or has otherwise; semantics of Jinja 3.1 (jinja.palletsprojects.com, "List of Builtin Filters"). */
import { FormatFault, padText, printf, pythonText, strFormat } from "./python-format.ts";

/** A filter gets the value, then its arguments; named ones come last, as one map. */
export type Filter = (value: unknown, ...given: unknown[]) => unknown;

function split(given: readonly unknown[]): { args: unknown[]; named: Map<unknown, unknown> } {
  const last = given.at(-1);
  if (last instanceof Map) return { args: given.slice(0, -1), named: last };
  return { args: [...given], named: new Map() };
}

function textOf(value: unknown, filter: string): string {
  if (value === undefined) throw new FormatFault(`${filter} of an undefined or empty value`);
  return typeof value === "string" ? value : pythonText(value);
}

function truncate(value: unknown, given: readonly unknown[]): string {
  const { args, named } = split(given);
  const option = (index: number, name: string, usual: unknown) => named.get(name) ?? args[index] ?? usual;
  const length = Number(option(0, "length", 255));
  const whole = option(1, "killwords", false) === true;
  const end = String(option(2, "end", "..."));
  const leeway = Number(option(3, "leeway", 5));
  const letters = [...textOf(value, "truncate")];
  if (letters.length <= length + leeway) return letters.join("");
  const cut = letters.slice(0, Math.max(0, length - [...end].length)).join("");
  if (whole) return cut + end;
  const space = cut.lastIndexOf(" ");
  return (space < 0 ? cut : cut.slice(0, space)) + end;
}

function pathOf(item: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (value instanceof Map) return value.get(key);
    if (Array.isArray(value) && /^\d+$/.test(key)) return value[Number(key)];
    throw new FormatFault(`there is nothing to sort by in ${pythonText(value, true)}`);
  }, item);
}

function compare(a: unknown, b: unknown, caseSensitive: boolean): number {
  const fold = (value: unknown) => (typeof value === "string" && !caseSensitive ? value.toLowerCase() : value);
  const [left, right] = [fold(a), fold(b)];
  if (typeof left !== typeof right || left === undefined) {
    throw new FormatFault(`${pythonText(a, true)} and ${pythonText(b, true)} cannot be compared`);
  }
  return (left as string) < (right as string) ? -1 : (left as string) > (right as string) ? 1 : 0;
}

function sort(value: unknown, given: readonly unknown[]): unknown[] {
  const { args, named } = split(given);
  const option = (index: number, name: string) => named.get(name) ?? args[index];
  const items = value instanceof Map ? [...value.keys()] : value;
  if (!Array.isArray(items)) throw new FormatFault(`sort wants a list, found ${pythonText(value, true)}`);
  const by = option(2, "attribute");
  const paths = by === undefined ? undefined : String(by).split(",");
  const exact = option(1, "case_sensitive") === true;
  const sorted = [...items].sort((a, b) => {
    if (paths === undefined) return compare(a, b, exact);
    for (const path of paths) {
      const order = compare(pathOf(a, path.trim()), pathOf(b, path.trim()), exact);
      if (order !== 0) return order;
    }
    return 0;
  });
  return option(0, "reverse") === true ? sorted.reverse() : sorted;
}

/** Texts before, between and after the first or last place of a separator. */
function parted(value: unknown, separator: unknown, last: boolean): string[] {
  const text = textOf(value, "partition");
  const mark = textOf(separator, "partition");
  const at = last ? text.lastIndexOf(mark) : text.indexOf(mark);
  if (at < 0) return last ? ["", "", text] : [text, "", ""];
  return [text.slice(0, at), mark, text.slice(at + mark.length)];
}

function lastSplit(value: unknown, separator: unknown, most: unknown): string[] {
  const text = textOf(value, "rsplit");
  const parts = typeof separator === "string" ? text.split(separator) : text.trim().split(/\s+/);
  const count = typeof most === "number" && most >= 0 ? most : parts.length;
  if (parts.length <= count + 1) return parts;
  const glue = typeof separator === "string" ? separator : " ";
  return [parts.slice(0, parts.length - count).join(glue), ...parts.slice(parts.length - count)];
}

function padded(value: unknown, given: readonly unknown[], filter: string, align: "<" | ">"): string {
  return padText(textOf(value, filter), Number(given[0] ?? 0), align, typeof given[1] === "string" ? given[1] : " ");
}

function zeroFilled(value: unknown, width: unknown): string {
  const text = textOf(value, "zfill");
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  return sign + padText(text.slice(sign.length), Number(width ?? 0) - sign.length, ">", "0");
}

/** Methods of Python's texts and maps that the engine lacks, and the filter that stands for each (docs.python.org, str). */
export const METHODS: Readonly<Record<string, string>> = {
  get: "pyget",
  format: "pyformat",
  center: "center",
  ljust: "pyljust",
  rjust: "pyrjust",
  zfill: "pyzfill",
  removeprefix: "pyremoveprefix",
  removesuffix: "pyremovesuffix",
  partition: "pypartition",
  rpartition: "pyrpartition",
  rsplit: "pyrsplit",
  casefold: "pycasefold",
  swapcase: "pyswapcase",
};

/** Every filter that is put over the engine's own. */
export const FILTERS: Readonly<Record<string, Filter>> = {
  format(value, ...given) {
    const { args, named } = split(given);
    return printf(textOf(value, "format"), args, named.size > 0 ? named : undefined);
  },
  pyformat(value, ...given) {
    const { args, named } = split(given);
    return strFormat(textOf(value, "format"), args, named);
  },
  pyget(value, key, usual) {
    if (!(value instanceof Map)) throw new FormatFault(`get() wants a map, found ${pythonText(value, true)}`);
    return value.has(key) ? value.get(key) : usual;
  },
  center(value, ...given) {
    const { args, named } = split(given);
    return padText(textOf(value, "center"), Number(named.get("width") ?? args[0] ?? 80), "^");
  },
  truncate: (value, ...given) => truncate(value, given),
  sort: (value, ...given) => sort(value, given),
  wordcount: (value) => (textOf(value, "wordcount").match(/[\p{L}\p{N}_]+/gu) ?? []).length,
  pyrepr: (value) => pythonText(value, true),
  pyljust: (value, ...given) => padded(value, given, "ljust", "<"),
  pyrjust: (value, ...given) => padded(value, given, "rjust", ">"),
  pyzfill: (value, width) => zeroFilled(value, width),
  pyremoveprefix(value, prefix) {
    const text = textOf(value, "removeprefix");
    return text.startsWith(String(prefix)) ? text.slice(String(prefix).length) : text;
  },
  pyremovesuffix(value, suffix) {
    const text = textOf(value, "removesuffix");
    const end = String(suffix);
    return end !== "" && text.endsWith(end) ? text.slice(0, -end.length) : text;
  },
  pypartition: (value, separator) => parted(value, separator, false),
  pyrpartition: (value, separator) => parted(value, separator, true),
  pyrsplit: (value, separator, most) => lastSplit(value, separator, most),
  pycasefold: (value) => textOf(value, "casefold").toLowerCase().replaceAll("ß", "ss"),
  pyswapcase: (value) =>
    textOf(value, "swapcase").replace(/\p{L}/gu, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())),
  urlencode: (value) => encodeURIComponent(textOf(value, "urlencode")).replaceAll("%2F", "/"),
};
