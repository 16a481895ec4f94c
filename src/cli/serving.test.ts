import { expect, test } from "vitest";
import { HeadgateError } from "../errors.ts";
import { exitCodeAfterServing, untilStopped } from "./serving.ts";

test("serving ends with the signal: 0 when terminated, 130 when interrupted", async () => {
  for (const [signal, code] of [
    ["SIGTERM", 0],
    ["SIGINT", 130],
  ] as const) {
    const stop = new AbortController();
    const ended = untilStopped(stop.signal);
    stop.abort(new HeadgateError("interrupted", "interrupted", { data: { signal } }));
    await ended;
    await untilStopped(stop.signal);
    expect(exitCodeAfterServing(stop.signal)).toBe(code);
  }
});
