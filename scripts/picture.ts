/**
 * `npx tsx scripts/picture.ts FILE`: takes the picture of the README: plays the demo, opens its page in Chromium and
 * photographs the list of jobs, 1440 pixels wide. Needs a built page (`npm run build`) and Chromium.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { runDemo } from "../src/demo/demo.ts";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("name the file: docs/img/jobs.png");
/** A Saturday morning: what the picture shows does not depend on when it is taken. */
const NOW = Date.UTC(2026, 10, 21, 9);

/** @param now the workspace's time: it has gone on while the demo was made ready */
async function photograph(loginUrl: string, to: string, now: number): Promise<void> {
  const executablePath = process.env.HEADGATE_CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
  try {
    const viewport = { width: 1440, height: 736 };
    const page = await browser.newPage({ viewport, colorScheme: "light", reducedMotion: "reduce", timezoneId: "UTC" });
    // A little later than the workspace was read, which the page says.
    await page.clock.install({ time: now + 10_000 });
    await page.goto(loginUrl);
    await page.getByText("gl_post").first().waitFor();
    await page.evaluate("document.activeElement?.blur()");
    await page.screenshot({ path: to });
  } finally {
    await browser.close();
  }
}

const folder = mkdtempSync(path.join(tmpdir(), "headgate-picture-"));
const done = new AbortController();
const began = performance.now();
let taken: Promise<void> | undefined;
try {
  await runDemo({
    dir: path.join(folder, "demo"),
    cwd: folder,
    port: 0,
    headless: false,
    signal: done.signal,
    now: NOW,
    write: () => undefined,
    onServing: ({ loginUrl }) => {
      taken = photograph(loginUrl, path.resolve(file), NOW + performance.now() - began).finally(() => done.abort());
    },
  });
  await taken;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
