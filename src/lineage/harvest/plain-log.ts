/** Reads plain logs line by line, and passes over lines without a brace as fast as they can be counted. */

import type { Domain } from "./escapes.ts";
import type { LineReader } from "./reader.ts";
import { createStream, type Findings, type Stream } from "./stream.ts";

/** A line that grows beyond this is read as if it were cut there. */
const MAX_LINE = 16 << 20;
/** `aws logs tail` writes the streams of a group into one text: time, stream, message. */
const TAIL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00 (\S+) /;
/** Container runtimes write each line so, or in parts: time, stream, P (part) or F (Kubernetes: CRI log format). */
const CONTAINER = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) [PF] /;
/** An object as CSV has it, its quotes doubled; no JSON begins so. */
const IN_CSV = /\{\s*""[A-Za-z]/;
const MAX_STREAMS = 256;

/**
 * A reader of one plain log.
 * @param count called with the number of lines that were read
 */
export function createPlainLog(findings: Findings, domain: Domain, count: (lines: number) => void): LineReader {
  const main = createStream(findings, domain);
  const tails = new Map<string, Stream>();
  let rest: string[] = [];
  let restLength = 0;

  const take = (line: string): void => {
    const text = IN_CSV.test(line) ? line.replaceAll('""', '"') : line;
    const isTimed = text.charCodeAt(10) === 84 && !main.isOpen();
    const prefix = isTimed ? (CONTAINER.exec(text) ?? TAIL.exec(text)) : null;
    if (prefix === null) {
      main.push(text);
      return;
    }
    const name = prefix[1] as string;
    const stream = tails.get(name) ?? createStream(findings, domain);
    stream.push(text.slice(prefix[0].length));
    tails.delete(name);
    if (!stream.isOpen()) return;
    tails.set(name, stream);
    const [oldest] = tails;
    if (tails.size <= MAX_STREAMS || oldest === undefined) return;
    tails.delete(oldest[0]);
    oldest[1].end();
  };
  const isOpen = (): boolean => main.isOpen() || tails.size > 0;

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
      for (const stream of tails.values()) stream.end();
      tails.clear();
    },
  };
}
