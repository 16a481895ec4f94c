/** Facts of recent events are given away once, and the oldest are forgotten first. */
import { expect, it } from "vitest";
import { readEvent } from "./read-event.ts";
import { createRecentFacts } from "./recent-facts.ts";

const facts = (name: string) => {
  const read = readEvent({ eventTime: "2026-11-21T00:00:00Z", job: { namespace: "n", name } });
  if (read === undefined) throw new Error("no event");
  return read;
};

it("gives what was put away, once", () => {
  const recent = createRecentFacts();
  recent.put("a", facts("a"), 10);
  expect(recent.take("a")?.job?.name).toBe("a");
  expect(recent.take("a")).toBeUndefined();
  expect(recent.take("b")).toBeUndefined();
});

it("forgets the oldest where the texts would be too many, and keeps none that is too large", () => {
  const recent = createRecentFacts(100);
  recent.put("a", facts("a"), 40);
  recent.put("b", facts("b"), 40);
  recent.put("a", facts("a again"), 40);
  recent.put("c", facts("c"), 40);
  recent.put("d", facts("d"), 101);
  expect(recent.take("b")).toBeUndefined();
  expect(recent.take("d")).toBeUndefined();
  expect(recent.take("a")?.job?.name).toBe("a again");
  recent.put("e", facts("e"), 60);
  expect(recent.take("c")?.job?.name).toBe("c");
  expect(recent.take("e")?.job?.name).toBe("e");
});
