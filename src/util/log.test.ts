import { afterEach, expect, test } from "vitest";
import { createLog, logLevel } from "./log.ts";
import { forgetSecrets, rememberSecret } from "./redact.ts";

afterEach(forgetSecrets);

function talk(level: "error" | "warn" | "info" | "debug"): string[] {
  const lines: string[] = [];
  const log = createLog({ level, write: (line) => lines.push(line) });
  log.error("e");
  log.warn("w");
  log.info("i");
  log.debug("d");
  return lines;
}

test("writes what its level allows, with the level before all but plain talk", () => {
  expect(talk("debug")).toEqual(["error: e\n", "warning: w\n", "i\n", "debug: d\n"]);
  expect(talk("warn")).toEqual(["error: e\n", "warning: w\n"]);
  expect(talk("error")).toEqual(["error: e\n"]);
});

test("--verbose beats --quiet, plain talk is the default", () => {
  expect(logLevel({ quiet: false, verbose: false })).toBe("info");
  expect(logLevel({ quiet: true, verbose: false })).toBe("warn");
  expect(logLevel({ quiet: true, verbose: true })).toBe("debug");
});

test("masks secrets", () => {
  rememberSecret("dapi-canary-1");
  const lines: string[] = [];
  createLog({ level: "info", write: (line) => lines.push(line) }).info("token dapi-canary-1 used");
  expect(lines).toEqual(["token *** used\n"]);
});
