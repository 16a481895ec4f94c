/** The page on the real thing: the demo's server, its store and its workspace, walked in Chromium from sign-in to an apply. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runDemo } from "../../src/demo/demo.ts";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";

const reason = noBrowser();
if (reason) console.log(`page on the demo: skipped, ${reason}`);

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

describe.skipIf(reason !== undefined)("the page on the demo", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-page-demo-"));
  const stop = new AbortController();
  let browser: Browser;
  let ended: Promise<unknown> = Promise.resolve();
  let url = "";
  let loginUrl = "";

  beforeAll(async () => {
    browser = await launch();
    const port = await freePort();
    await new Promise<void>((resolve, reject) => {
      ended = runDemo({
        cwd: folder,
        dir: path.join(folder, "demo"),
        port,
        headless: false,
        signal: stop.signal,
        write: () => undefined,
        onServing: (serving) => {
          ({ url, loginUrl } = serving);
          resolve();
        },
      });
      ended.catch(reject);
    });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    stop.abort();
    await Promise.allSettled([ended]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it("shows the fleet, a job and a plan, and carries the plan out", { timeout: 120_000 }, async () => {
    const [look] = LOOKS;
    const { page, context, complaints, strangers } = await visit(browser, look, url, true);
    await page.goto(loginUrl);
    await page.getByText("gl_post").first().waitFor();
    await page.getByText("drift: schedule paused").first().waitFor();
    await page.getByText("till reconcile").first().waitFor();
    await shot(page, "demo-jobs");

    await page.goto("/jobs/nightly_sales");
    await page.getByText("load_orders").filter({ visible: true }).first().waitFor();
    await page.goto("/jobs/gl_post/runs");
    await page.getByText("duplicate key 884/2").filter({ visible: true }).first().waitFor();

    await page.goto("/");
    await page.getByText("Review plan").click();
    await page.getByText("pause_status").filter({ visible: true }).first().waitFor();
    await page.getByRole("button", { name: /^Apply 1 change/ }).click();
    await page
      .getByRole("dialog")
      .getByRole("button", { name: /^Apply/ })
      .click();
    await page.getByText("Applied.").filter({ visible: true }).first().waitFor();
    await shot(page, "demo-applied");

    await page.goto("/jobs?list=differ");
    await expect
      .poll(async () => page.getByText("drift: schedule paused").count(), { timeout: 90_000, interval: 1_000 })
      .toBe(0);
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] });
    await context.close();
  });

  it.each(LOOKS)("is whole in $name", { timeout: 60_000 }, async (look) => {
    const { page, context, complaints, strangers } = await visit(browser, look, url, true);
    const found: string[] = [];
    for (const view of ["/jobs", "/jobs/nightly_sales", "/jobs/gl_post/runs", "/jobs/nightly_sales/history"]) {
      await page.goto(view);
      await page
        .getByText(/gl_post|nightly_sales/)
        .filter({ visible: true })
        .first()
        .waitFor();
      await shot(page, `demo${view.replaceAll("/", "-")}-${look.name}`);
      for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))]) found.push(`${view}: ${line}`);
    }
    expect({ found, complaints, strangers }).toEqual({ found: [], complaints: [], strangers: [] });
    await context.close();
  });
});
