/** Rewrites an access log that lies in another form as the JSON lines that the engine reads. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { parseCsv } from "../../inventory/parse-csv.ts";
import { lineOfClassic, lineOfRecord, linesOfValue, UNREADABLE_LINE } from "./log-record.ts";
import { textOf } from "./log-text.ts";
import { createObjectTexts } from "./object-texts.ts";
import type { LogShape } from "./shape.ts";

/** A row of CSV with line feeds in it that has grown beyond this is taken for torn. */
const MAX_ROW = 1 << 20;

/** Takes the text of a log, gives lines. */
interface Rewriter {
  chunk(text: string): string[];
  end(): string[];
}

function linesOfJson(text: string): string[] {
  try {
    return linesOfValue(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return [UNREADABLE_LINE];
    throw error;
  }
}

function byObjects(): Rewriter {
  let found: string[] = [];
  const texts = createObjectTexts(
    (text) => found.push(...linesOfJson(text)),
    () => found.push(UNREADABLE_LINE),
  );
  const take = (): string[] => {
    const taken = found;
    found = [];
    return taken;
  };
  return {
    chunk: (text) => {
      texts.chunk(text);
      return take();
    },
    end: () => {
      texts.end();
      return take();
    },
  };
}

function byLine(rewrite: (line: string) => string[]): Rewriter {
  let rest = "";
  return {
    chunk(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      return lines.flatMap((line) => (line.trim() === "" ? [] : rewrite(line.replace(/\r$/, ""))));
    },
    end: () => (rest.trim() === "" ? [] : rewrite(rest)),
  };
}

function byCsvRow(): Rewriter {
  let header: string[] | undefined;
  let open = "";
  const lines = byLine((line) => {
    const row = open === "" ? line : `${open}\n${line}`;
    // a row goes on in the next line where a quote is open
    if ((row.split('"').length - 1) % 2 === 1 && row.length < MAX_ROW) {
      open = row;
      return [];
    }
    open = "";
    const [cells = []] = parseCsv(row);
    if (header === undefined) {
      header = cells.map((name) => name.trim());
      return [];
    }
    if (cells.length !== header.length) return [UNREADABLE_LINE];
    return [lineOfRecord(Object.fromEntries(header.map((name, i) => [name, cells[i] === "" ? undefined : cells[i]])))];
  });
  return { chunk: lines.chunk, end: () => [...lines.end(), ...(open === "" ? [] : [UNREADABLE_LINE])] };
}

function rewriterFor(shape: LogShape): Rewriter {
  if (shape === "csv") return byCsvRow();
  if (shape === "classic") return byLine((line) => [lineOfClassic(line)]);
  return shape === "objects" ? byObjects() : byLine(linesOfJson);
}

/**
 * Rewrites a log. What is no record becomes a line that the engine counts as unreadable.
 * @param file absolute
 * @param into absolute; overwritten
 */
export async function rewriteLog(file: string, shape: LogShape, into: string, signal?: AbortSignal): Promise<void> {
  const rewriter = rewriterFor(shape);
  const out = createWriteStream(into);
  const ended = finished(out);
  const write = async (lines: readonly string[]): Promise<void> => {
    if (lines.length === 0 || out.write(`${lines.join("\n")}\n`)) return;
    await Promise.race([once(out, "drain"), ended]);
  };
  let isTorn = false;
  for await (const text of textOf(file, () => {
    isTorn = true;
  })) {
    signal?.throwIfAborted();
    await write(rewriter.chunk(text));
  }
  await write(rewriter.end());
  if (isTorn) await write([UNREADABLE_LINE]);
  out.end();
  await ended;
}
