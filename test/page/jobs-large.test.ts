/** A job of a thousand tasks: definition, list, text, plan of every task, all of it reachable. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page large: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("a job of 1,000 tasks", () => {
  let browser: Browser;
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const look of [LOOKS[0], LOOKS[3]])
    it(`is listed, read and planned in ${look.name}`, { timeout: 120_000 }, async () => {
      const { page, context, complaints } = await visit(browser, look, server.url);
      const found: string[] = [];
      /** Longest work without a pause since the last look, ms: told, not judged. */
      const longest = () =>
        page.evaluate(() => {
          const { long } = window as unknown as { long: number[] };
          return Math.round(Math.max(0, ...long.splice(0)));
        });
      await page.addInitScript(() => {
        const long: number[] = [];
        Object.assign(window, { long });
        new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration))).observe({
          type: "longtask",
        });
      });
      const whole = async (name: string) => {
        console.log(`${name} ${look.name}: longest task ${await longest()} ms`);
        await shot(page, `large-${name}-${look.name}`);
        for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))])
          found.push(`${name}: ${line}`);
      };

      await page.goto("/jobs/large_1000_changed?view=list");
      const list = page.getByRole("list", { name: "Tasks" });
      await list.getByRole("listitem").first().waitFor();
      expect(await list.getByRole("listitem").count()).toBeLessThan(80);
      await whole("list");
      await page.locator(".task-scroll").evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await list.locator("li[aria-posinset='1000']").waitFor();
      expect(await list.getByRole("listitem").count()).toBeLessThan(80);

      await page.goto("/jobs/large_1000_changed?view=text");
      const text = page.getByRole("region", { name: "Definition of large_1000_changed" });
      await text.getByText("ingest_table_0", { exact: true }).first().waitFor();
      await whole("text");
      await text.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await text
        .getByText(/_table_999$/)
        .last()
        .waitFor();

      await page.goto("/jobs/large_1000_changed/plan");
      await page.getByText("max_retries").first().waitFor();
      expect(await page.locator(".fl:not(.gp)").count()).toBe(60);
      await whole("job-plan");

      await page.goto("/plans/new?select=large_1000_changed");
      await page.getByRole("heading", { name: /1 job changes/ }).waitFor();
      await page.getByText("max_retries").first().waitFor();
      await page.getByText(/^Order:/).waitFor();
      await whole("plan");
      const more = page.getByRole("button", { name: /^Show .* more fields/ });
      while ((await more.count()) > 0) await more.click();
      expect(await page.locator(".fl:not(.gp)").count()).toBe(1_001);
      console.log(`all fields ${look.name}: longest task ${await longest()} ms`);

      await page.goto("/plans/new?select=large_1000_new");
      await page.getByRole("button", { name: /large_1000_new/ }).click();
      await page.getByRole("region", { name: "Definition of large_1000_new" }).waitFor();
      await whole("plan-new");
      expect(found.join("\n")).toBe("");
      expect(complaints).toEqual([]);
      await context.close();
    });
});
