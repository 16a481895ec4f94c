import { describe, expect, it } from "vitest";
import { agreementAbout } from "./agreement.ts";

const seen = (source: string, ...days: string[]) => days.map((day) => ({ source, day }));
const DAYS = ["2026-11-18", "2026-11-19", "2026-11-20"];
const reach = (source: string, ...days: string[]) => ({ source, days });

describe("agreement about an edge", () => {
  it("is what several saw and nobody missed", () => {
    const agreement = agreementAbout(
      [...seen("unity-catalog", "2026-11-19"), ...seen("storage-logs", ...DAYS), ...seen("storage-logs", ...DAYS)],
      [reach("storage-logs", ...DAYS), reach("unity-catalog", ...DAYS), reach("http", "2026-11-01")],
      "reads",
    );
    expect(agreement).toEqual({
      state: "agree",
      text: "storage-logs and unity-catalog agree",
      verdicts: [
        { source: "storage-logs", verdict: "saw", days: 3, text: "saw it on 3 days" },
        { source: "unity-catalog", verdict: "saw", days: 1, text: "saw it on 1 day" },
        { source: "http", verdict: "blind", days: 0, text: "was not read for those days" },
      ],
    });
  });

  it("is disputed where one that was read has it not", () => {
    const agreement = agreementAbout(
      seen("storage-logs", ...DAYS),
      [reach("storage-logs", ...DAYS), reach("unity-catalog", "2026-11-20", "2026-11-19", "2026-11-21"), reach("http")],
      "writes",
    );
    expect(agreement.state).toBe("disputed");
    expect(agreement.text).toBe("only storage-logs saw it; unity-catalog missed it on 2 days");
    expect(agreement.verdicts.map(({ source, verdict, days }) => [source, verdict, days])).toEqual([
      ["storage-logs", "saw", 3],
      ["unity-catalog", "missed", 2],
      ["http", "blind", 0],
    ]);
  });

  it("blames nobody for what it never tells", () => {
    const reaches = [reach("logs", ...DAYS), reach("uc", ...DAYS)];
    const kinds: Record<string, string> = { logs: "storage-logs", uc: "unity-catalog" };
    const of = (relation: "calls" | "maintains" | "defines", source: string) =>
      agreementAbout(seen(source, ...DAYS), reaches, relation, (name) => kinds[name]);
    expect(of("calls", "http")).toMatchObject({ state: "alone", text: "only http saw it" });
    expect(of("maintains", "logs").verdicts[1]).toMatchObject({ source: "uc", verdict: "blind" });
    expect(of("defines", "uc").verdicts[1]?.text).toBe("never tells who defines what");
  });

  it("takes a month that was rolled up as one", () => {
    const agreement = agreementAbout(
      seen("storage-logs", "2026-09"),
      [reach("http", "2026-09-14", "2026-09-15"), reach("unity-catalog", "2026-10-01")],
      "reads",
    );
    expect(agreement.verdicts.slice(1).map(({ source, verdict, days }) => [source, verdict, days])).toEqual([
      ["http", "missed", 1],
      ["unity-catalog", "blind", 0],
    ]);
  });

  it("says so where nobody saw it", () => {
    expect(agreementAbout([], [reach("http", ...DAYS)], "reads")).toMatchObject({
      state: "alone",
      text: "nobody saw it",
    });
  });
});
