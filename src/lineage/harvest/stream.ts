/** One stream of log lines: objects are found, looked into as deep as loggers wrap them, and judged. */

import { type Domain, inPython, withoutEscapes, withoutPythonEscapes } from "./escapes.ts";
import { createFinder, type Held } from "./find-objects.ts";
import { lookInside } from "./inside-object.ts";
import { recognise } from "./recognise.ts";

/** Where the findings of all streams go. */
export interface Findings {
  event(text: string, facts: { joined: boolean; masked: boolean; domain: Domain }): void;
  /** An object that claims to be an event and is no valid one. */
  invalid(): void;
  /** An event whose end is missing. */
  truncated(): void;
  held: Held;
}

/** Takes the text of a stream, piece by piece. */
export interface Stream {
  /** Takes a line or record; of a record the lines are parted here. */
  push(text: string, joined?: boolean): void;
  end(): void;
  /** True while something is not complete, so that the next piece matters. */
  isOpen(): boolean;
}

/** Loggers wrap one another: a JSON logger around Airflow 3 around Spark makes 2 levels. */
const MAX_DEPTH = 5;
/** Unfinished strings of one stream's JSON records (one a container or thread that writes into it). */
const MAX_INNER = 64;
/** `journalctl -o json` writes a message with unprintable characters (colours) as a list of its bytes. */
const JOURNAL_BYTES = /"MESSAGE"\s*:\s*\[\s*(\d[\d,\s]*)\]/;
/** Keys whose values differ between the records that one message was cut into. */
const VARYING = /time|date|stamp|^ts$|^id$|eventid|offset|seq|partial|cursor/i;

/** A brace from which an object may begin, in a string that is still escaped. */
const ESCAPED = /\{[ \t]*(?:\\|$)/;
/** Such a brace, or that of an inner object, in the text of an object. */
const INNER = /.\{[ \t]*["\\]/;

/** The object's own first keys hold the event's time: both Java and Python clients write it first or second. */
const opensEvent = (text: string): boolean => {
  const second = text.indexOf("{", 1);
  return (second < 0 ? text : text.slice(0, second)).includes('"eventTime"');
};

/** The records that one long message was cut into are alike in everything but the message and their time. */
const recordOf = (strings: { key: string; body: string }[], message: string): string =>
  [
    message,
    ...strings
      .filter(({ key, body }) => key !== message && body.length < 200 && !VARYING.test(key))
      .map(({ key, body }) => `${key}=${body}`),
  ].join("\n");

/**
 * A stream of lines in one domain.
 * @param place how many loggers are around it, and whether its text is known to be torn; outermost if left out
 */
export function createStream(
  findings: Findings,
  domain: Domain,
  { depth, torn }: { depth: number; torn: boolean } = { depth: 0, torn: false },
): Stream {
  const inner = new Map<string, Stream>();

  const pushText = (id: string, text: string, joined: boolean): void => {
    const stream = inner.get(id) ?? createStream(findings, domain, { depth: depth + 1, torn: false });
    stream.push(text, joined);
    inner.delete(id);
    if (!stream.isOpen()) return;
    inner.set(id, stream);
    const [oldest] = inner;
    if (inner.size <= MAX_INNER || oldest === undefined) return;
    inner.delete(oldest[0]);
    oldest[1].end();
  };

  /** True where the object was an event or wanted to be one. */
  const judge = (text: string, joined: boolean): boolean => {
    if (!text.includes('"eventTime"')) return false;
    const verdict = recognise(JSON.parse(text));
    if (verdict.kind === "event") findings.event(text, { joined, masked: verdict.masked, domain });
    else if (verdict.kind === "invalid") findings.invalid();
    return verdict.kind !== "other";
  };

  const object = (text: string, joined: boolean): void => {
    if (judge(text, joined) || depth >= MAX_DEPTH) return;
    const bytes = JOURNAL_BYTES.exec(text)?.[1];
    if (bytes !== undefined) {
      const message = Buffer.from(bytes.split(",").map(Number));
      const id = recordOf(lookInside(text).strings, "MESSAGE");
      pushText(id, message.toString(domain === "text" ? "utf8" : "latin1"), joined);
      return;
    }
    if (inner.size === 0 && !INNER.test(text)) return;
    const { strings, objects } = lookInside(text);
    let done = 0;
    let found = false;
    if (text.includes('"eventTime"')) {
      for (const { text: nested, start, end } of objects) {
        if (start < done || !judge(nested, joined)) continue;
        done = end;
        found = true;
      }
    }
    if (found) return;
    for (const { key, body } of strings) {
      const begins = ESCAPED.test(body);
      if (inner.size === 0 && !begins) continue;
      const id = recordOf(strings, key);
      if (begins || inner.has(id)) pushText(id, withoutEscapes(body, domain), joined);
    }
  };

  const finder = createFinder(
    {
      object,
      escaped: (body, { joined, torn }) => {
        if (depth >= MAX_DEPTH) return;
        const stream = createStream(findings, domain, { depth: depth + 1, torn });
        stream.push(withoutEscapes(body, domain), joined);
        stream.end();
      },
      broken: (text, cut) => {
        if (!opensEvent(text)) return false;
        if (!cut && depth < MAX_DEPTH && inPython(text)) {
          const stream = createStream(findings, domain, { depth: depth + 1, torn });
          stream.push(withoutPythonEscapes(text, domain));
          stream.end();
          return true;
        }
        if (cut || torn) findings.truncated();
        else findings.invalid();
        return false;
      },
    },
    findings.held,
  );

  return {
    push: (text, joined = false) => {
      if (!text.includes("\n")) finder.push(text.endsWith("\r") ? text.slice(0, -1) : text, joined);
      else for (const line of text.split("\n")) finder.push(line.endsWith("\r") ? line.slice(0, -1) : line, joined);
    },
    end: () => {
      finder.end();
      for (const stream of inner.values()) stream.end();
      inner.clear();
    },
    isOpen: () => finder.isOpen() || inner.size > 0,
  };
}
