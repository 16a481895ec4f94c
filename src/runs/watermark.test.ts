/** Values of watermarks: as they are kept, compared, shown; periods in which tasks are due. */
import { describe, expect, it } from "vitest";
import { fileNameOf, periodOf } from "./due.ts";
import { executionIdOf } from "./execution-id.ts";
import { dayIn, isForward, keptValue } from "./watermark.ts";

describe("a value", () => {
  it("is kept in one form", () => {
    expect(keptValue("DELTA_DATE", "2026-04-09")).toBe("2026-04-09T00:00:00.000Z");
    expect(keptValue("DELTA_DATE", "2026-04-09 06:30:15.5")).toBe("2026-04-09T06:30:15.500Z");
    expect(keptValue("DELTA_DATE", "2026-04-09T06:30:00+02:00")).toBe("2026-04-09T04:30:00.000Z");
    expect(keptValue("DELTA_DATE", "2026-13-09")).toBeUndefined();
    expect(keptValue("DELTA_DATE", "yesterday")).toBeUndefined();
    expect(keptValue("DELTA_ID", "9223372036854775807")).toBe("9223372036854775807");
    expect(keptValue("DELTA_ID", "9223372036854775808")).toBeUndefined();
    expect(keptValue("DELTA_ID", "-1")).toBeNull();
    expect(keptValue("DELTA_ID", "1e3")).toBeUndefined();
    expect(keptValue("FLAG", "TRUE")).toBe("true");
    expect(keptValue("FLAG", "0")).toBe("false");
    expect(keptValue("FLAG", "maybe")).toBeUndefined();
    expect(keptValue("SYSTEM", "2026-04-09T23:00:00Z")).toBe("2026-04-09T00:00:00.000Z");
  });

  it("lies after another one by its type: ids as numbers, beyond 2^53", () => {
    expect(isForward("DELTA_ID", "9007199254740992", "9007199254740993")).toBe(true);
    expect(isForward("DELTA_ID", "10", "9")).toBe(false);
    expect(isForward("DELTA_DATE", null, "1900-01-01T00:00:00.000Z")).toBe(true);
    expect(isForward("DELTA_DATE", "2026-01-01T00:00:00.000Z", null)).toBe(false);
    expect(isForward("DELTA_DATE", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z")).toBe(false);
  });

  it("of a live date is today where the process is", () => {
    const now = Date.parse("2026-11-20T23:30:00.000Z");
    expect([dayIn("UTC", now), dayIn("Europe/Berlin", now), dayIn("America/New_York", now)]).toEqual([
      "2026-11-20",
      "2026-11-21",
      "2026-11-20",
    ]);
  });
});

describe("a period", () => {
  it("is an ISO week, a month or a year; every day and never have none", () => {
    expect(periodOf("W", "2027-01-01")).toEqual({ from: "2026-12-28", to: "2027-01-03" });
    expect(periodOf("W", "2026-11-22")).toEqual({ from: "2026-11-16", to: "2026-11-22" });
    expect(periodOf("M", "2028-02-10")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
    expect(periodOf("Y", "2026-11-22")).toEqual({ from: "2026-01-01", to: "2026-12-31" });
    expect([periodOf("D", "2026-11-22"), periodOf("A", "2026-11-22")]).toEqual([undefined, undefined]);
  });

  it("names files", () => {
    const task = (loadFrequency: string) => ({ fileNameMask: "gl", fileExtension: ".csv", loadFrequency });
    expect(["D", "M", "Y", "W"].map((one) => fileNameOf(task(one), "2026-11-03"))).toEqual([
      "gl_20261103.csv",
      "gl_202611.csv",
      "gl_2026.csv",
      "gl.csv",
    ]);
    expect(fileNameOf({ fileNameMask: null, fileExtension: null, loadFrequency: "D" }, "2026-11-03")).toBeNull();
  });
});

it("an execution id is a UUID of version 4", () => {
  expect(executionIdOf(new Uint8Array(16).fill(255))).toBe("ffffffff-ffff-4fff-bfff-ffffffffffff");
});
