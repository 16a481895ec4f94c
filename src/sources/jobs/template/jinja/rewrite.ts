/**
 * Rewrites what Jinja templates may say and the engine does not understand into filters of our own. Pure; lines stay
 * where they are. The engine (minijinja) has no `%` between a text and values, no `.format()` and some other methods of
 * Python's texts, `.get()` takes no default, and `jsonify` (db-dsc-jobs' own filter) is `tojson`.
 */
import { METHODS } from "./filters.ts";

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

const CALL = new RegExp(`\\.\\s*(${Object.keys(METHODS).join("|")})\\s*\\(`, "g");
const PAIRS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Where the bracket that closes at `at` opens; -1 where it does not. */
function openingOf(code: string, at: number): number {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    const c = code[i] as string;
    if (c in PAIRS) depth++;
    else if ("([{".includes(c) && --depth === 0) return i;
  }
  return -1;
}

/** Where the bracket that opens at `at` closes; -1 where it does not. */
function closingOf(code: string, at: number): number {
  let depth = 0;
  for (let i = at; i < code.length; i++) {
    const c = code[i] as string;
    if ("([{".includes(c)) depth++;
    else if (c in PAIRS && --depth === 0) return i;
  }
  return -1;
}

/** Where the value begins that ends before `end`: `job.tags['a']`, `f(x)`, `(a or b)`, a text. */
function startOfValue(code: string, end: number): number {
  let at = end;
  while (at > 0) {
    const c = code[at - 1] as string;
    if (c in PAIRS) {
      at = openingOf(code, at - 1);
      if (at < 0) return end;
    } else if (/\w/.test(c)) {
      while (at > 0 && /\w/.test(code[at - 1] as string)) at--;
      if (code[at - 1] !== ".") return at;
      at--;
    } else return at;
  }
  return at;
}

/** Calls of methods that the engine lacks: `a.get("b", 1).c` becomes `(a|pyget("b", 1)).c`. */
function rewriteCalls(run: readonly Piece[]): string {
  let text = run.map((piece) => piece.text).join("");
  // The same without what stands in text literals: they count as one name each.
  let bare = run.map(({ kind, text: own }) => (kind === "string" ? "s".repeat(own.length) : own)).join("");
  CALL.lastIndex = 0;
  for (let call = CALL.exec(bare); call; call = CALL.exec(bare)) {
    const start = startOfValue(bare, call.index);
    const close = closingOf(bare, call.index + call[0].length - 1);
    if (start === call.index || close < 0) continue;
    const filter = `|${METHODS[call[1] as string]}(`;
    const rewritten = (code: string) =>
      `${code.slice(0, start)}(${code.slice(start, call?.index)}${filter}${code.slice((call?.index ?? 0) + (call?.[0].length ?? 0), close)}))${code.slice(close + 1)}`;
    text = rewritten(text);
    bare = rewritten(bare);
    CALL.lastIndex = call.index + 1;
  }
  return text;
}

/** The whole template with its calls rewritten, tag by tag. */
function withFilters(source: string): string {
  let run: Piece[] = [];
  let written = "";
  for (const piece of piecesOf(source)) {
    if (piece.kind !== "text") run.push(piece);
    else {
      written += rewriteCalls(run) + piece.text;
      run = [];
    }
  }
  return written + rewriteCalls(run);
}

/** A template as the engine understands it. */
export function rewriteTemplate(source: string): string {
  const pieces = piecesOf(withFilters(source));
  return pieces
    .map(({ kind, text }, index) => {
      if (kind !== "code") return text;
      const code = pieces[index - 1]?.kind === "string" ? afterString(text) : text;
      return code.replace(/\|(\s*)jsonify\b/g, "|$1tojson");
    })
    .join("");
}
