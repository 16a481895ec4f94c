/** Reads CloudWatch answers (FilterLogEvents, GetLogEvents, subscriptions): one stream of lines for each log stream. */
import { isObject } from "../../util/json.ts";
import { createCloudWatchText } from "./cloudwatch-text.ts";
import { asText, type Domain } from "./escapes.ts";
import type { Reader } from "./reader.ts";
import type { Recent } from "./recent.ts";
import { createStream, type Findings, type Stream } from "./stream.ts";

/** Log streams with something unfinished at the same time. */
const MAX_STREAMS = 256;
/** The parts of one message have the same time, or nearly; later ones belong to another message. Milliseconds. */
const MAX_GAP = 10_000;

/** The record in an element's text, or undefined where it is none. */
function recordOf(
  text: string,
): { stream: string | undefined; at: number; id: string | undefined; message: string } | undefined {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || typeof value.message !== "string") return undefined;
  const { logStreamName, timestamp, eventId, id } = value;
  const own = eventId ?? id;
  return {
    stream: typeof logStreamName === "string" ? logStreamName : undefined,
    at: typeof timestamp === "number" ? timestamp : Date.parse(String(timestamp)),
    id: typeof own === "string" ? own : undefined,
    message: value.message,
  };
}

/**
 * A reader of one file or answer.
 * @param seen ids of records that were read already, over all files: pages overlap
 * @param line called for every record
 */
export function createCloudWatch(findings: Findings, domain: Domain, seen: Recent, line: () => void): Reader {
  /** Streams with something unfinished, the longest untouched first. */
  const streams = new Map<string, { stream: Stream; at: number }>();

  const push = (name: string, at: number, message: string): void => {
    const known = streams.get(name);
    if (known !== undefined && Math.abs(at - known.at) > MAX_GAP) known.stream.end();
    const stream = known?.stream ?? createStream(findings, "text");
    if (known !== undefined || message.includes("{")) stream.push(message);
    streams.delete(name);
    if (!stream.isOpen()) return;
    streams.set(name, { stream, at });
    const [oldest] = streams;
    if (streams.size <= MAX_STREAMS || oldest === undefined) return;
    streams.delete(oldest[0]);
    oldest[1].stream.end();
  };

  const text = createCloudWatchText((element, head) => {
    let record: ReturnType<typeof recordOf>;
    try {
      record = recordOf(asText(element, domain));
    } catch (error) {
      // braces that fit are not yet JSON: what is in there is looked at like any other text
      if (!(error instanceof SyntaxError)) throw error;
    }
    if (record === undefined) {
      const rest = createStream(findings, domain);
      rest.push(element);
      rest.end();
      return;
    }
    line();
    if (record.id === undefined || seen.add(record.id)) {
      const named = /"logStream(?:Name)?"\s*:\s*"([^"]*)"/.exec(head)?.[1] ?? "";
      push(record.stream ?? named, record.at, record.message);
    }
  });

  return {
    chunk: text.chunk,
    end: () => {
      const rest = createStream(findings, domain);
      rest.push(text.end());
      rest.end();
      for (const { stream } of streams.values()) stream.end();
      streams.clear();
    },
  };
}
