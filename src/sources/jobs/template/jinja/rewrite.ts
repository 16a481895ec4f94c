/**
 * Rewrites what Jinja templates may say and the engine does not understand into filters of our own. Pure; lines stay
 * where they are. The engine (minijinja) has no `%` between a text and values, no `.format()`, `.get()` takes no default,
 * and `jsonify` (db-dsc-jobs' own filter) is `tojson`.
 */

/** A piece of a template. */
interface Piece {
  kind: "text" | "code" | "string";
  text: string;
}

const OPENERS = ["{{", "{%", "{#"] as const;
const CLOSERS: Record<(typeof OPENERS)[number], string> = { "{{": "}}", "{%": "%}", "{#": "#}" };
const RAW = /^\{%[-+]?\s*raw\s*[-+]?%\}/;
const ENDRAW = /\{%[-+]?\s*endraw\s*[-+]?%\}/g;

/** Where a text literal that begins at `at` ends. */
function endOfString(source: string, at: number): number {
  const quote = source[at];
  for (let i = at + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === quote) return i + 1;
  }
  return source.length;
}

/** Cuts a template into its text, the code between marks, and the text literals within the code. */
function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (kind: Piece["kind"], text: string) => {
    if (text !== "") pieces.push({ kind, text });
  };
  let at = 0;
  while (at < source.length) {
    const found = OPENERS.map((mark) => ({ mark, from: source.indexOf(mark, at) })).filter(({ from }) => from >= 0);
    const next = found.sort((a, b) => a.from - b.from)[0];
    if (next === undefined) {
      add("text", source.slice(at));
      return pieces;
    }
    add("text", source.slice(at, next.from));
    const raw = next.mark === "{%" ? RAW.exec(source.slice(next.from)) : null;
    if (raw !== null || next.mark === "{#") {
      ENDRAW.lastIndex = next.from;
      const close = raw === null ? source.indexOf("#}", next.from) + 2 : ENDRAW.exec(source) && ENDRAW.lastIndex;
      const end = close === null || close < 2 || close === 0 ? source.length : close;
      add("text", source.slice(next.from, end));
      at = end;
      continue;
    }
    const closer = CLOSERS[next.mark];
    let from = next.from;
    let i = next.from + 2;
    while (i < source.length && !source.startsWith(closer, i)) {
      if (source[i] !== '"' && source[i] !== "'") {
        i++;
        continue;
      }
      const end = endOfString(source, i);
      add("code", source.slice(from, i));
      add("string", source.slice(i, end));
      from = end;
      i = end;
    }
    const end = Math.min(source.length, i + 2);
    add("code", source.slice(from, end));
    at = end;
  }
  return pieces;
}

/** `"%s" % value`: the operator after a text literal; a tag's closing `%}` is none. */
const PERCENT = /^\s*%(?!\})\s*(?=\(|[A-Za-z_\d])/;
const OPERAND = /^(?:[A-Za-z_][\w.]*|\d+(?:\.\d+)?)/;

function afterString(code: string): string {
  const operator = PERCENT.exec(code);
  if (operator !== null) {
    const rest = code.slice(operator[0].length);
    if (rest.startsWith("(")) return `|format${rest}`;
    const operand = OPERAND.exec(rest)?.[0] ?? "";
    return `|format(${operand})${rest.slice(operand.length)}`;
  }
  return code;
}

/** A template as the engine understands it. */
export function rewriteTemplate(source: string): string {
  const pieces = piecesOf(source);
  return pieces
    .map(({ kind, text }, index) => {
      if (kind !== "code") return text;
      const code = pieces[index - 1]?.kind === "string" ? afterString(text) : text;
      return code
        .replace(/\.\s*get\s*\(/g, "|pyget(")
        .replace(/\.\s*format\s*\(/g, "|pyformat(")
        .replace(/\|(\s*)jsonify\b/g, "|$1tojson");
    })
    .join("");
}
