/** The Runs route over a real store: grid, run, task, watermarks, by pointer and by keyboard, in every look. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { day, type RunsWorld, runsWorld, seedRetail } from "./runs-world.ts";

const reason = noBrowser();
if (reason) console.log(`page runs: skipped, ${reason}`);

const SALES = `/runs/RETAIL/SALES_NIGHTLY/${day(0)}`;
/** Views by name, with words that show they are there. */
const VIEWS: [name: string, path: string, words: string | RegExp][] = [
  ["grid", "/runs", "post_journal"],
  ["grid-selected", `/runs?sel=FINANCE/GL_DAILY/1/3@${day(3)}`, "post_journal"],
  ["grid-year", "/runs?days=364", "post_journal"],
  ["grid-nothing-fits", "/runs?q=zzz", "No process fits these filters"],
  ["run-late", SALES, "What it waits for"],
  ["run-task", `${SALES}?task=1/7`, "Attempts"],
  ["run-failed", `/runs/FINANCE/GL_DAILY/${day(0)}?task=1/3`, "in batch 884"],
  ["run-done", `/runs/RETAIL/STOCK/${day(0)}`, "stock_levels"],
  ["run-none", `/runs/MARKETING/LOYALTY/${day(0)}`, "No run on"],
  ["run-unknown", `/runs/NO/THING/${day(0)}`, "could not be read"],
  ["watermarks", `${SALES}?tab=watermarks`, "Moves when"],
  ["watermarks-none", `/runs/RETAIL/STOCK/${day(0)}?tab=watermarks`, "has no watermarks"],
];
const EXPECTED = /Failed to load resource: the server responded with a status of 404/;

const address = (page: Page) => page.evaluate(() => location.pathname + location.search);

describe.skipIf(reason !== undefined)("the Runs route", () => {
  let browser: Browser;
  let world: RunsWorld;
  beforeAll(async () => {
    world = await runsWorld(seedRetail, `${day(9)}T00:00:00.000Z`);
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  for (const look of LOOKS)
    it(`is whole in ${look.name}`, { timeout: 180_000 }, async () => {
      const { page, context, complaints, strangers } = await visit(browser, look, world.server.url);
      const found: string[] = [];
      for (const [name, path, words] of VIEWS) {
        await page.goto(path);
        await page.getByText(words).filter({ visible: true }).first().waitFor();
        await page.evaluate(() => document.fonts.ready);
        await shot(page, `runs-${name}-${look.name}`);
        for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))])
          found.push(`${name}: ${line}`);
      }
      await context.close();
      expect(found.join("\n")).toBe("");
      expect(complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
      expect(strangers).toEqual([]);
    });

  it("is walked by keys alone: from the grid to a task and back to where one was", { timeout: 60_000 }, async () => {
    const { page, context } = await visit(browser, LOOKS[0], world.server.url);
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await page.goto("/runs");
    await page.getByText("post_journal").first().waitFor();
    await press("j", "j", "j", "j");
    await expect.poll(() => address(page)).toContain(`sel=FINANCE%2FGL_DAILY%2F1%2F3%40${day(0)}`);
    await press("ArrowLeft", "ArrowLeft", "ArrowLeft");
    await expect.poll(() => address(page)).toContain(`%40${day(3)}`);
    await page.getByRole("link", { name: /post_journal, .*: done on attempt 2/ }).waitFor();
    await press("Enter");
    await expect.poll(() => address(page)).toBe(`/runs/FINANCE/GL_DAILY/${day(3)}?task=1%2F3`);
    await page.getByRole("complementary", { name: "Task post_journal" }).waitFor();
    await press("j");
    await page.getByRole("complementary", { name: "Task gl_balances" }).waitFor();
    await press("Escape");
    await page.getByRole("complementary").getByText("gl_balances").waitFor({ state: "detached" });
    await press("2");
    await page.getByText("JOURNAL_DT").first().waitFor();
    await press("1", "Escape");
    await expect.poll(() => address(page)).toContain(`sel=FINANCE%2FGL_DAILY%2F1%2F3%40${day(3)}`);
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/runs");
    await context.close();
  });

  it("opens a run from a square, and searches its log, where colours are text", { timeout: 60_000 }, async () => {
    const { page, context } = await visit(browser, LOOKS[0], world.server.url);
    await page.goto("/runs?open=FINANCE/GL_DAILY");
    const row = page.locator("li.days", { hasText: "post_journal" });
    await row.waitFor();
    const track = row.locator(".days-track");
    const box = await track.boundingBox();
    if (box === null) throw new Error("no track");
    // At once, as a tap: before the square under the pointer has become a link.
    await track.click({ position: { x: box.width - 12, y: box.height / 2 } });
    await expect.poll(() => address(page)).toBe(`/runs/FINANCE/GL_DAILY/${day(0)}?task=1%2F3`);
    await page.getByText("^[[31mduplicate key^[[0m").first().waitFor();
    await page.getByLabel("Search log").fill("batch");
    await page.locator("mark", { hasText: "batch" }).waitFor();
    await context.close();
  });

  it("says who may act, and resets a failed task with a reason, live", { timeout: 60_000 }, async () => {
    const { page, context } = await visit(browser, LOOKS[0], world.server.url);
    const at = `/runs/FINANCE/GL_DAILY/${day(0)}?task=1/3`;
    await page.goto(at);
    await page.getByText("needs a token with the scope write").waitFor();
    await page.goto(world.server.loginUrl);
    await page.goto(at);
    const reset = page.getByRole("button", { name: "Reset" });
    await reset.waitFor();
    expect(await reset.isDisabled()).toBe(true);
    await page.getByLabel("Reason").fill("the bad file is gone");
    await reset.click();
    await page.getByRole("complementary").getByText("Waiting").first().waitFor();
    // Another process starts it: the page follows without being asked.
    const ref = {
      projectCode: "FINANCE",
      processLoad: "GL_DAILY",
      processingDate: day(0),
      executionId: `gl-${day(0)}`,
      workflowId: 1,
      taskId: 3,
    };
    await world.runs.startTask(ref);
    await page.getByRole("complementary").getByText("Running").first().waitFor();
    await world.runs.failTask({ ...ref, logMessage: "duplicate key again" });
    await page.getByText("duplicate key again").first().waitFor();
    await context.close();
  });

  it("shows what a rollback would do before it does it", { timeout: 60_000 }, async () => {
    const { page, context } = await visit(browser, LOOKS[0], world.server.url);
    await page.goto(`/runs/RETAIL/SALES_NIGHTLY/${day(0)}?tab=watermarks`);
    await page
      .getByRole("button", { name: /back to before/ })
      .nth(1)
      .click();
    await page.getByText(/The next run reads .* of data again/).waitFor();
    expect(await page.getByText("load_orders reads from it").count()).toBe(1);
    await shot(page, "runs-rollback-wide-light");
    expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
    const { items } = await world.runs.watermarks({ projectCode: "RETAIL", processLoad: "SALES_NIGHTLY" });
    expect(items[0]?.history.every((change) => change.cause === "auto")).toBe(true);
    await context.close();
  });
});
