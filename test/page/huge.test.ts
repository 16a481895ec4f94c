/** Ten thousand jobs and a thousand tasks: drawn in parts, every part reachable. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer } from "./page-server.ts";
import { hugeFleet } from "./retail-fleet.ts";

const reason = noBrowser();
if (reason) console.log(`page huge: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("a huge estate", () => {
  let browser: Browser;
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer({ fleet: hugeFleet() });
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const look of [LOOKS[0], LOOKS[3]])
    it(`lists 10,000 jobs with few rows drawn, to the last one, in ${look.name}`, { timeout: 60_000 }, async () => {
      const { page, context, complaints } = await visit(browser, look, server.url);
      await page.goto("/jobs");
      await page.getByText("job_00000").waitFor();
      expect(await page.locator("tr[data-resource]").count()).toBeLessThan(80);
      await page.evaluate(() => document.querySelector("#unmanaged")?.scrollIntoView({ block: "end" }));
      await page.getByText("job_09999").waitFor();
      expect(await page.locator("tr[data-resource]").count()).toBeLessThan(80);
      await shot(page, `jobs-huge-end-${look.name}`);
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });

  it("finds among thousands of tags", async () => {
    const { page, context } = await visit(browser, LOOKS[0], server.url);
    await page.goto("/jobs");
    await page.getByText("job_00000").waitFor();
    await page.getByRole("button", { name: /^Tag/ }).click();
    await page.getByLabel("Find tag").fill("team: 77");
    await page.getByRole("menuitemcheckbox", { name: "team: 77" }).click();
    await page.keyboard.press("Escape");
    await page.getByText("job_00077").waitFor();
    expect(await page.getByText("111 jobs").count()).toBe(1);
    expect(page.url()).toContain("tag=team%3A+77");
    await context.close();
  });

  for (const [tasks, look] of [
    [300, LOOKS[0]],
    [1000, LOOKS[1]],
    [1000, LOOKS[2]],
  ] as const)
    it(`draws a job of ${tasks} tasks in parts in ${look.name}`, { timeout: 60_000 }, async () => {
      const { page, context, complaints } = await visit(browser, look, server.url);
      await page.goto(`/jobs/large_${tasks}?view=graph`);
      await page.locator("g.nd").first().waitFor();
      const drawn = await page.locator("g.nd").count();
      expect(drawn).toBeGreaterThan(10);
      expect(drawn).toBeLessThan(tasks);
      await shot(page, `graph-${tasks}-${look.name}`);
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      const box = page.locator(".graph-in");
      await box.evaluate((element) => element.scrollTo(element.scrollWidth, element.scrollHeight));
      await page.locator(`g.nd[data-task$="_${tasks - 1}"]`).waitFor();
      await page.getByRole("button", { name: "Whole graph" }).click();
      await expect.poll(() => page.locator("g.nd").count()).toBe(tasks);
      await shot(page, `graph-${tasks}-whole-${look.name}`);
      await page.getByRole("button", { name: "List" }).click();
      await page.getByRole("button", { name: /ingest_table_0\b/ }).click();
      await page.getByRole("complementary", { name: "Task ingest_table_0" }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });
});
