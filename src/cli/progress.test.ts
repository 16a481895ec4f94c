import { expect, test } from "vitest";
import { takeGlobals } from "./globals.ts";
import { createProgress } from "./progress.ts";

function record(options: { tty: boolean; quiet?: boolean }): {
  written: () => string;
  progress: ReturnType<typeof createProgress>;
} {
  let text = "";
  const stderr = {
    write: (part: string) => {
      text += part;
    },
    isTTY: options.tty,
    columns: options.tty ? 20 : undefined,
  };
  const { globals } = takeGlobals(options.quiet ? ["--quiet"] : []);
  return { written: () => text, progress: createProgress({ stderr, globals }) };
}

test("without a terminal: a line a part, no control characters", () => {
  const { progress, written } = record({ tty: false });
  progress.live("1/2 done, now: b");
  progress.line("[1/2] a done");
  progress.end();
  expect(written()).toBe("[1/2] a done\n");
});

test("on a terminal: a live line that fits, written again below each part, gone at the end", () => {
  const { progress, written } = record({ tty: true });
  progress.live("0/2 done, now: alpha, beta");
  progress.line("[1/2] a done");
  progress.end();
  const live = "0/2 done, now: alp…";
  expect(live.length).toBe(19);
  expect(written()).toBe(`\r\u001b[K${live}\r\u001b[K[1/2] a done\n${live}\r\u001b[K`);
});

test("silent with --quiet", () => {
  const { progress, written } = record({ tty: true, quiet: true });
  progress.live("x");
  progress.line("y");
  progress.end();
  expect(written()).toBe("");
});
