import { describe, expect, it } from "vitest";
import { harvestBytes, javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";

/** Numbers from 0 to below `below`, the same for the same seed (xorshift). */
function dice(seed: number): (below: number) => number {
  let state = (seed + 1) * 2654435761;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const NOISE = [
  "26/11/21 10:05:58 INFO SparkContext: Running Spark version 3.5.7",
  'plain line with a { brace and an unbalanced " quote',
  "== Physical Plan == {} [id#1, {x}]",
  '{"level":"info","message":"nothing {\\"a\\": 1}"}',
  "",
];
const events = Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? javaEvent(n) : pythonEvent(n)));

/** A line with an event in one of the forms of loggers. */
function logged(event: string, roll: (below: number) => number): string {
  const forms = [
    event,
    `26/11/21 10:05:58 INFO ConsoleTransport: ${event}`,
    `[2026-11-21T10:15:48.105+0000] {{console.py:30}} INFO - ${event} {app=x}`,
    JSON.stringify({ message: `ConsoleTransport: ${event}`, level: "INFO" }),
    JSON.stringify({ log: `${JSON.stringify({ event, level: "info" })}\n`, stream: "stderr" }),
  ];
  return forms[roll(forms.length)] as string;
}

/** A text in 1 to 6 parts, cut anywhere. */
function cut(text: string, roll: (below: number) => number): string[] {
  const places = Array.from({ length: roll(6) }, () => 1 + roll(text.length - 1)).sort((a, b) => a - b);
  return [0, ...places].map((place, index) => text.slice(place, places[index])).filter((part) => part !== "");
}

describe("events that are cut anywhere", () => {
  it("are found in CloudWatch answers, parts of the streams interleaved", () => {
    for (let seed = 0; seed < 80; seed++) {
      const roll = dice(seed);
      const streams = Array.from({ length: 1 + roll(4) }, (_, n) => ({ name: `stream-${n}`, parts: [] as string[] }));
      for (const event of events) {
        const { parts } = streams[roll(streams.length)] as (typeof streams)[number];
        for (let noise = roll(3); noise > 0; noise--) parts.push(NOISE[roll(NOISE.length)] as string);
        parts.push(...cut(logged(event, roll), roll));
      }
      const records: object[] = [];
      for (let left = streams; left.length > 0; left = left.filter(({ parts }) => parts.length > 0)) {
        const { name, parts } = left[roll(left.length)] as (typeof streams)[number];
        const message = parts.shift();
        if (message === undefined) continue;
        records.push({ logStreamName: name, timestamp: 1, message, eventId: String(records.length) });
        if (roll(8) === 0) records.push(records[records.length - 1] as object);
      }
      const at = roll(records.length);
      const pages = [{ events: records.slice(0, at), nextToken: "x" }, { events: records.slice(at) }];
      const text = JSON.stringify(pages, null, roll(3));
      const found = harvestBytes([text], 1 + roll(5_000));
      expect(found.events.sort(), `seed ${seed}`).toEqual([...events].sort());
      expect(found.counts.truncated + found.counts.invalid, `seed ${seed}`).toBe(0);
    }
  });

  it("are found in plain logs cut at any byte", () => {
    for (let seed = 0; seed < 80; seed++) {
      const roll = dice(seed);
      const lines: Buffer[] = [];
      for (const event of events) {
        for (let noise = roll(3); noise > 0; noise--) lines.push(Buffer.from(NOISE[roll(NOISE.length)] as string));
        const bytes = Buffer.from(logged(event, roll));
        const parts = cut(bytes.toString("latin1"), roll);
        lines.push(...parts.map((part) => Buffer.from(part, "latin1")));
      }
      const end = Buffer.from(roll(2) === 0 ? "\n" : "\r\n");
      const log = Buffer.concat(lines.flatMap((line) => [line, end]));
      const found = harvestBytes([log], 1 + roll(5_000));
      expect(found.events, `seed ${seed}`).toEqual(events);
      expect(found.counts.truncated + found.counts.invalid, `seed ${seed}`).toBe(0);
    }
  });

  it("at every single byte of a line", () => {
    const [java, python] = [javaEvent(1), pythonEvent(2)];
    for (const [line, event] of [
      [`INFO ConsoleTransport: ${java}`, java],
      [JSON.stringify({ event: python, level: "info" }), python],
    ] as const) {
      const bytes = Buffer.from(line);
      for (let at = 1; at < bytes.length; at++) {
        const log = Buffer.concat([bytes.subarray(0, at), Buffer.from("\n"), bytes.subarray(at), Buffer.from("\n")]);
        expect(harvestBytes([log]).events, `cut at ${at}`).toEqual([event]);
      }
    }
  });
});

describe("torn logs", () => {
  it("never give an event that was not logged, and all that were logged whole", () => {
    for (let seed = 0; seed < 120; seed++) {
      const roll = dice(seed);
      const whole: string[] = [];
      const lines = events.flatMap((event) => {
        const line = logged(event, roll);
        if (roll(2) === 0) {
          whole.push(event);
          return [line, NOISE[0] as string];
        }
        return [line.slice(0, roll(line.length)), NOISE[0] as string];
      });
      const { events: found } = harvestBytes([lines.join("\n")]);
      expect(
        found.filter((event) => !events.includes(event)),
        `seed ${seed}`,
      ).toEqual([]);
      expect(
        whole.filter((event) => !found.includes(event)),
        `seed ${seed}`,
      ).toEqual([]);
    }
  });
});
