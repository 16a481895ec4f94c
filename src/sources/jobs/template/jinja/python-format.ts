/** Python's two ways to format a text, as far as templates use them. Pure. */

/** A value that cannot be formatted so. */
export class FormatFault extends Error {}

const pad = (text: string, width: number, align: "<" | ">" | "^", fill = " "): string => {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (align === "<") return text + fill.repeat(missing);
  if (align === ">") return fill.repeat(missing) + text;
  return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
};

/** A value as Python prints it. */
export function pythonText(value: unknown, quoted = false): string {
  if (value === undefined || value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "string") return quoted ? `'${value.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'` : value;
  if (Array.isArray(value)) return `[${value.map((item) => pythonText(item, true)).join(", ")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${pythonText(key, true)}: ${pythonText(item, true)}`).join(", ")}}`;
  }
  return String(value);
}

function numberOf(value: unknown, sign: string): number | bigint {
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "boolean") return Number(value);
  throw new FormatFault(`%${sign} wants a number, found ${pythonText(value, true)}`);
}

/** As `toFixed`, but a number that lies exactly between two goes to the even one, as in Python. */
function fixed(value: number, precision: number): string {
  const scaled = value * 10 ** precision;
  const below = Math.floor(scaled);
  if (scaled - below !== 0.5 || precision > 15) return value.toFixed(precision);
  const even = below % 2 === 0 ? below : below + 1;
  return (even / 10 ** precision).toFixed(precision);
}

function numberText(value: unknown, type: string, precision: number | undefined): string {
  const number = numberOf(value, type);
  switch (type) {
    case "d":
    case "i":
    case "u":
      return typeof number === "bigint" ? String(number) : String(Math.trunc(number));
    case "x":
      return number.toString(16);
    case "X":
      return number.toString(16).toUpperCase();
    case "o":
      return number.toString(8);
    case "b":
      return number.toString(2);
    case "%":
      return `${(Number(number) * 100).toFixed(precision ?? 6)}%`;
    case "e":
    case "E": {
      const text = Number(number)
        .toExponential(precision ?? 6)
        .replace(/e([+-])(\d)$/, "e$10$2");
      return type === "E" ? text.toUpperCase() : text;
    }
    default:
      return fixed(Number(number), precision ?? 6);
  }
}

const PRINTF = /%(?:\((\w+)\))?([-+ 0#]*)(\d+)?(?:\.(\d+))?([diuoxXeEfFgGsr%])/g;

/**
 * `"%s-%05d" % (a, b)`.
 * @throws FormatFault for too few or too many values, or one that does not fit
 */
export function printf(template: string, values: readonly unknown[], named?: ReadonlyMap<unknown, unknown>): string {
  let used = 0;
  const text = template.replace(PRINTF, (_all, name, flags: string, width, precision, type: string) => {
    if (type === "%") return "%";
    let value: unknown;
    if (name !== undefined) {
      if (!named?.has(name)) throw new FormatFault(`there is no value '${name}'`);
      value = named.get(name);
    } else {
      if (used >= values.length) throw new FormatFault("not enough values for the format");
      value = values[used++];
    }
    const digits = precision === undefined ? undefined : Number(precision);
    let out: string;
    if (type === "s" || type === "r") {
      out = pythonText(value, type === "r");
      if (digits !== undefined) out = [...out].slice(0, digits).join("");
    } else {
      out = numberText(value, type === "F" || type === "g" || type === "G" ? "f" : type, digits);
      if (flags.includes("+") && !out.startsWith("-")) out = `+${out}`;
      else if (flags.includes(" ") && !out.startsWith("-")) out = ` ${out}`;
      if (flags.includes("0") && !flags.includes("-") && width !== undefined) {
        const sign = /^[-+ ]/.exec(out)?.[0] ?? "";
        return sign + pad(out.slice(sign.length), Number(width) - sign.length, ">", "0");
      }
    }
    return width === undefined ? out : pad(out, Number(width), flags.includes("-") ? "<" : ">");
  });
  if (named === undefined && used < values.length) throw new FormatFault("more values than the format takes");
  return text;
}

const SPEC = /^(?:(.)?([<>^=]))?([-+ ])?(0)?(\d+)?(,)?(?:\.(\d+))?([a-zA-Z%])?$/u;

function bySpec(value: unknown, spec: string): string {
  const match = SPEC.exec(spec);
  if (match === null) throw new FormatFault(`'${spec}' is no format`);
  const [, fill, align, sign, zero, width, comma, precision, type] = match;
  const isNumber = typeof value === "number" || typeof value === "bigint";
  const digits = precision === undefined ? undefined : Number(precision);
  let out: string;
  if (isNumber || (type !== undefined && type !== "s")) {
    const usual = Number.isInteger(value) || typeof value === "bigint" ? "d" : undefined;
    const kind = type ?? (digits === undefined ? usual : "f");
    out = kind === undefined ? String(value) : numberText(value, kind, digits);
    if (comma) out = out.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
    if (sign === "+" && !out.startsWith("-")) out = `+${out}`;
    if (sign === " " && !out.startsWith("-")) out = ` ${out}`;
  } else {
    out = pythonText(value);
    if (digits !== undefined) out = [...out].slice(0, digits).join("");
  }
  if (width === undefined) return out;
  if ((zero && align === undefined) || align === "=") {
    const mark = /^[-+ ]/.exec(out)?.[0] ?? "";
    return mark + pad(out.slice(mark.length), Number(width) - mark.length, ">", fill ?? "0");
  }
  return pad(out, Number(width), (align as "<" | ">" | "^" | undefined) ?? (isNumber ? ">" : "<"), fill ?? " ");
}

/**
 * `"{:>5} {name}".format(a, name=b)`.
 * @throws FormatFault for a field without a value, or a format that is none
 */
export function strFormat(template: string, values: readonly unknown[], named: ReadonlyMap<unknown, unknown>): string {
  let next = 0;
  return template.replace(/\{\{|\}\}|\{([^{}:!]*)(?:!([rsa]))?(?::([^{}]*))?\}/g, (all, field, conversion, spec) => {
    if (all === "{{") return "{";
    if (all === "}}") return "}";
    let value: unknown;
    if (field === "" || /^\d+$/.test(field)) {
      const index = field === "" ? next++ : Number(field);
      if (index >= values.length) throw new FormatFault(`there is no value for ${all}`);
      value = values[index];
    } else {
      if (!named.has(field)) throw new FormatFault(`there is no value for ${all}`);
      value = named.get(field);
    }
    if (conversion !== undefined) value = pythonText(value, conversion !== "s");
    return spec === undefined || spec === "" ? pythonText(value) : bySpec(value, spec);
  });
}

export { pad as padText };
