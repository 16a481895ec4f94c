/** Control tables on the page: rows, what is wrong in each cell, many of them. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page tables: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("a control table on the page", () => {
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

  for (const look of [LOOKS[0], LOOKS[3]])
    it(`shows rows and faults of cells in ${look.name}`, { timeout: 60_000 }, async () => {
      server = await startPageServer({ tableRows: 5_000 });
      open = await visit(browser, look, server.url);
      const { page } = open;
      await page.goto("/jobs?view=tables");
      await page.getByText("sales_0/task_0").first().waitFor();
      await page.getByText("5\u2009000 rows, 50 with faults", { exact: false }).waitFor();
      expect(await page.locator("tr[data-index]").count()).toBeLessThan(80);
      await shot(page, `tables-${look.name}`);
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      await page.getByRole("button", { name: "Only faults" }).click();
      await page.getByText("sales_20/task_3").first().waitFor();
      expect(await page.getByText("sales_0/task_0").count()).toBe(0);
      await page.keyboard.press("j");
      const row = page.getByRole("complementary", { name: "Row sales_0/task_3" });
      await row.getByText("is no JSON: unexpected end").waitFor();
      await shot(page, `tables-row-${look.name}`);
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      await page.keyboard.press("Escape");
      await row.waitFor({ state: "detached" });
      expect(open.complaints).toEqual([]);
    });

  it("has no tab where there is none, and says so at its address", async () => {
    server = await startPageServer();
    open = await visit(browser, LOOKS[0], server.url);
    const { page } = open;
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    expect(await page.getByRole("link", { name: "Control table" }).count()).toBe(0);
    await page.goto("/jobs?view=tables");
    await page.getByText("No source of this project is a control table.").waitFor();
  });
});
