import { expect, it } from "vitest";
import { cronText } from "./cron.ts";
import { PLAIN } from "./style.ts";

const report = {
  expression: "*/15 * * * * ?",
  timezone: "UTC",
  words: "every 15 s",
  after: "2026-11-21T18:00:00.000Z",
};

it("tells starts apart by their seconds, and shows none where all are full minutes", () => {
  const starts = ["2026-11-21T18:00:15.000Z", "2026-11-21T18:00:30.000Z"];
  expect(cronText(PLAIN, { ...report, starts })).toBe(
    "*/15 * * * * ?  every 15 s, UTC\n  Sat 2026-11-21 18:00:15\n  Sat 2026-11-21 18:00:30\n",
  );
  expect(cronText(PLAIN, { ...report, starts: ["2026-11-21T18:00:00.000Z"] })).toContain("  Sat 2026-11-21 18:00\n");
});
