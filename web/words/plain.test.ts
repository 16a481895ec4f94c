import { describe, expect, it } from "vitest";
import { plain, sentence, withoutColours } from "./plain.ts";

const ESC = "\u001b";

describe("text of a terminal", () => {
  it("loses its colours in sentences", () => {
    expect(withoutColours(`${ESC}[1;31mfailed${ESC}[0m: ${ESC}[2Kbatch 884`)).toBe("failed: batch 884");
    expect(withoutColours("array[0] is not (B) broken")).toBe("array[0] is not (B) broken");
  });

  it("is shown in logs, not obeyed", () => {
    expect(plain(`${ESC}[31mred${ESC}[0m`)).toBe("^[[31mred^[[0m");
    expect(plain("a\tb\r\nc\u0000\u007f\u0085é")).toBe("a\tb\nc^@^?\ufffdé");
  });
});

it("says days in a sentence as the page does, and leaves what is no day", () => {
  expect(sentence("No run on 2026-11-21 yet, due by 06:30")).toBe("No run on Sat 21 Nov yet, due by 06:30");
  expect(sentence("batch 2026-13-45 of s3://x/2026-01-01")).toBe("batch 2026-13-45 of s3://x/2026-01-01");
});
