/** What adopting a job would write, shown before anybody does it. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page adopt: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("adopting on the page", () => {
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

  for (const look of LOOKS)
    it(`shows the YAML and the command in ${look.name}`, { timeout: 60_000 }, async () => {
      server = await startPageServer();
      open = await visit(browser, look, server.url);
      const { page } = open;
      await page.goto("/jobs");
      const adopt = page.getByRole("button", { name: "Adopt tmp backfill orders" });
      await adopt.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Adopt tmp backfill orders" });
      await dialog.getByText("notebook_path: /Shared/read").waitFor();
      await shot(page, `adopt-${look.name}`);
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      await dialog.getByRole("button", { name: "Copy headgate jobs adopt 7002" }).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("headgate jobs adopt 7002");
      await dialog.getByRole("button", { name: "Copy jobs/tmp_backfill_orders.yml" }).click();
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()))
        .toContain("jobs:\n  tmp_backfill_orders:\n    name: tmp backfill orders\n");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await expect.poll(() => adopt.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(server.writes).toEqual([]);
      expect(open.complaints).toEqual([]);
    });

  it("says why a job cannot be read, and tries again", async () => {
    server = await startPageServer();
    open = await visit(browser, LOOKS[0], server.url);
    const { page } = open;
    await page.goto("/jobs");
    await page.getByRole("button", { name: "Adopt tmp backfill orders" }).waitFor();
    server.world.failing = { status: 403, code: "forbidden", title: "You may not see job 7002", detail: "" };
    await page.getByRole("button", { name: "Adopt tmp backfill orders" }).click();
    await page.getByText("You may not see job 7002").waitFor();
    server.world.failing = null;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("notebook_path: /Shared/read").waitFor();
  });
});
