/** Runs, one run and waves while they load, where they fail, and where there is nothing yet. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer, type World } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page states of runs: skipped, ${reason}`);

const FAILING = {
  status: 503,
  code: "unavailable",
  title: "The store does not answer",
  detail: "locked for 30 s",
  hint: "Is another ingest running?",
};

const VIEWS = [
  { name: "runs", path: "/runs", failed: "The runs could not be read", works: "headgate runs status" },
  {
    name: "run",
    path: "/runs/FINANCE/GL_DAILY/2026-11-20",
    failed: "The run of FINANCE/GL_DAILY could not be read",
    works: "All processes",
  },
  { name: "waves", path: "/waves", failed: "The waves could not be planned", works: "headgate lineage waves" },
] as const;

describe.skipIf(reason !== undefined)("states of runs and waves", () => {
  let browser: Browser;
  let server: PageServer;
  let open: Visit;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    await open.context.close();
    await server.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const start = async (world: Partial<World>, look: number) => {
    server = await startPageServer(world);
    open = await visit(browser, LOOKS[look] ?? LOOKS[0], server.url);
    open.page.setDefaultTimeout(20_000);
    return open.page;
  };
  const whole = async (name: string) => {
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
  };

  for (const [at, { name, path, failed, works }] of VIEWS.entries()) {
    it(`${name}: draws the frame at once, and rows where there will be some`, { timeout: 60_000 }, async () => {
      const page = await start({ slow: 2_000 }, at);
      await page.goto(path);
      await page.getByRole("status", { name: "Loading" }).first().waitFor();
      await page.getByRole("navigation", { name: /rooms/i }).first().waitFor();
      await page.getByRole("heading", { level: 1 }).waitFor();
      await whole(`${name}-loading`);
    });

    it(`${name}: says what failed, its code and what still works, and tries again`, { timeout: 60_000 }, async () => {
      const page = await start({ failing: FAILING }, 3 - at);
      await page.goto(path);
      await page.getByText(failed).waitFor({ timeout: 30_000 });
      const alert = page.getByRole("alert");
      await alert.getByText("locked for 30 s").waitFor();
      await alert.getByText("unavailable", { exact: true }).waitFor();
      await alert.getByText(works).waitFor();
      await whole(`${name}-failed`);
      if (name === "run") return;
      server.world.failing = null;
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByText(name === "runs" ? "No process is registered" : "No data movement is known yet.").waitFor();
      await whole(`${name}-empty`);
    });
  }
});
