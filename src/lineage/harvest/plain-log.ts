/** Reads plain logs line by line, and passes over lines without a brace as fast as they can be counted. */

import type { Domain } from "./escapes.ts";
import { headed } from "./line-header.ts";
import type { LineReader } from "./reader.ts";
import { createStream, type Findings, type Stream } from "./stream.ts";

/** A line that grows beyond this is read as if it were cut there. */
const MAX_LINE = 16 << 20;
/** An object as CSV has it, its quotes doubled; no JSON begins so. */
const IN_CSV = /\{\s*""[A-Za-z]/;
/** An object in the text of XML or HTML. */
const IN_XML = /\{\s*&(?:quot|#34);[A-Za-z]/;
const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  "#34": '"',
  apos: "'",
  "#39": "'",
  "#x27": "'",
  lt: "<",
  gt: ">",
  amp: "&",
};
const MAX_STREAMS = 256;

/** A line as its writer meant it. */
function plain(line: string): string {
  if (IN_CSV.test(line)) return line.replaceAll('""', '"');
  return IN_XML.test(line) ? line.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole) : line;
}

/**
 * A reader of one plain log.
 * @param count called with the number of lines that were read
 */
export function createPlainLog(findings: Findings, domain: Domain, count: (lines: number) => void): LineReader {
  const main = createStream(findings, domain);
  const writers = new Map<string, Stream>();
  let rest: string[] = [];
  let restLength = 0;

  /** Whose turn it is to have a line without a header: the one who left something open last. */
  let last: string | undefined;
  const take = (line: string): void => {
    const text = plain(line);
    const own = main.isOpen() ? undefined : headed(text);
    const writer = own?.writer ?? (main.isOpen() ? undefined : last);
    if (writer === undefined) {
      main.push(text);
      return;
    }
    const stream = writers.get(writer) ?? createStream(findings, domain);
    stream.push(own?.text ?? text);
    writers.delete(writer);
    last = undefined;
    if (!stream.isOpen()) return;
    writers.set(writer, stream);
    last = writer;
    const [oldest] = writers;
    if (writers.size <= MAX_STREAMS || oldest === undefined) return;
    writers.delete(oldest[0]);
    oldest[1].end();
  };
  const isOpen = (): boolean => main.isOpen() || writers.size > 0;

  const chunk = (text: string): void => {
    let start = 0;
    let lines = 0;
    let brace = text.indexOf("{");
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      lines += 1;
      const first = rest.length > 0;
      if (first) {
        rest.push(text.slice(0, end));
        take(rest.join(""));
        rest = [];
        restLength = 0;
      } else if ((brace >= 0 && brace < end) || isOpen()) take(text.slice(start, end));
      start = end + 1;
      if (brace >= 0 && brace < start) brace = text.indexOf("{", start);
    }
    count(lines);
    if (start === text.length) return;
    rest.push(start === 0 ? text : text.slice(start));
    restLength += text.length - start;
    if (restLength <= MAX_LINE) return;
    take(rest.join(""));
    rest = [];
    restLength = 0;
  };

  return {
    chunk,
    line: (text) => {
      count(1);
      if (text.includes("{") || isOpen()) take(text);
    },
    end: () => {
      if (rest.length > 0) {
        count(1);
        take(rest.join(""));
      }
      main.end();
      for (const stream of writers.values()) stream.end();
      writers.clear();
    },
  };
}
