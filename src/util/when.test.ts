import { expect, it } from "vitest";
import { when } from "./when.ts";

const NOW = Date.UTC(2026, 10, 21, 6, 30);

it.each([
  ["today", "2026-11-21T04:18:00.000Z", "UTC", "04:18"],
  ["today, later", "2026-11-21T23:05:00.000Z", "UTC", "23:05"],
  ["today there, yesterday here", "2026-11-20T23:30:00.000Z", "Asia/Tokyo", "08:30"],
  ["yesterday there", "2026-11-21T04:00:00.000Z", "America/New_York", "Fri 23:00"],
  ["this week", "2026-11-16T05:20:00.000Z", "UTC", "Mon 05:20"],
  ["next week", "2026-11-23T05:20:00.000Z", "UTC", "Mon 05:20"],
  ["before", "2026-11-03T05:20:00.000Z", "UTC", "3 Nov"],
  ["another year", "2025-11-21T05:20:00.000Z", "UTC", "21 Nov 2025"],
  ["midnight", "2026-11-21T00:00:00.000Z", "UTC", "00:00"],
])("%s", (_case, iso, timezone, text) => expect(when(iso, NOW, timezone)).toBe(text));
