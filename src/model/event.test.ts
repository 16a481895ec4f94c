import { expect, it } from "vitest";
import { eventFaults, LineageEventBody } from "./event.ts";

const EVENT = {
  eventTime: "2026-11-21T10:05:46.86Z",
  producer: "https://example.com/p",
  schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
  eventType: "START",
  run: { runId: "01a1fd91-d866-706a-b6e7-000000000001", facets: {} },
  job: { namespace: "n", name: "j", facets: {} },
  inputs: [{ namespace: "n", name: "a", facets: {}, inputFacets: {} }],
  outputs: [{ namespace: "n", name: "b", facets: {}, outputFacets: {} }],
};
const ODD = [
  undefined,
  null,
  "",
  "x",
  7,
  true,
  [],
  {},
  [null],
  [{}],
  "2026-11-21T10:05:46+0100",
  "2026-13-21T10:05:46Z",
];

/** Every place in a value, as the keys that lead there. */
const placesOf = (value: unknown): string[][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[key], ...placesOf(inner).map((path) => [key, ...path])])
    : [];

function changed(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(EVENT) as Record<string, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) as string] = value;
  // as it comes over the wire: what is undefined is not there
  return JSON.parse(JSON.stringify(copy));
}

it("finds faults where the schema does, and nowhere else", () => {
  expect(eventFaults(EVENT)).toEqual([]);
  const places = [...placesOf(EVENT), ["dataset"]];
  let valid = 0;
  for (const path of places) {
    for (const value of ODD) {
      const event = changed(path, value);
      const isValid = LineageEventBody.safeParse(event).success;
      if (isValid) valid += 1;
      expect(eventFaults(event).length === 0, `${path.join(".")} = ${JSON.stringify(value)}`).toBe(isValid);
    }
  }
  expect(valid).toBeGreaterThan(30);
  expect(valid).toBeLessThan(places.length * ODD.length - 30);
});
