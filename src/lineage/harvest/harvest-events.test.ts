import { describe, expect, it } from "vitest";
import { javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";
import { harvestEvents } from "./harvest-events.ts";

async function* later(lines: string[]): AsyncGenerator<string> {
  for (const line of lines) yield line;
}

describe("harvestEvents", () => {
  const [one, two] = [javaEvent(1), pythonEvent(2)];
  const log = [
    "noise",
    `INFO ConsoleTransport: ${one.slice(0, 200)}`,
    one.slice(200),
    "{",
    JSON.stringify({ event: two }),
  ];

  it("takes lines from anything that gives lines, and returns its figures", async () => {
    for (const lines of [log, new Set(log), later(log)]) {
      const events = harvestEvents(lines);
      expect(await events.next()).toEqual({ done: false, value: one });
      expect(await events.next()).toEqual({ done: false, value: two });
      const counts = { lines: 5, events: 2, reassembled: 1, truncated: 0, invalid: 0, duplicates: 0, masked: 0 };
      expect(await events.next()).toEqual({ done: true, value: counts });
    }
  });

  it("gives an event as soon as it is complete", async () => {
    let taken = 0;
    function* lines(): Generator<string> {
      for (const line of [one, ...Array.from({ length: 50 }, () => "noise"), two]) {
        taken += 1;
        yield line;
      }
    }
    expect((await harvestEvents(lines()).next()).value).toBe(one);
    expect(taken).toBe(1);
  });

  it("takes the lines of a CloudWatch answer", async () => {
    const events = [one.slice(0, 99), one.slice(99)].map((message) => ({ logStreamName: "a", timestamp: 1, message }));
    const found: string[] = [];
    for await (const event of harvestEvents(JSON.stringify({ events }, null, 2).split("\n"))) found.push(event);
    expect(found).toEqual([one]);
  });
});
