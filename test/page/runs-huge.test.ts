/** A grid of 400 days × 300 tasks and a run of 300 tasks: drawn in parts, every part reachable; what scrolling costs is printed. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { workPerFrame } from "./frame-work.ts";
import { DAYS, seedHuge, TASKS } from "./huge-runs.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { day, type RunsWorld, runsWorld } from "./runs-world.ts";

const reason = noBrowser();
if (reason) console.log(`page runs huge: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("a huge process", () => {
  let browser: Browser;
  let world: RunsWorld;
  beforeAll(async () => {
    world = await runsWorld(seedHuge, `${day(0)}T00:00:00.000Z`);
    browser = await launch();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  for (const look of [LOOKS[0], LOOKS[3]])
    it(`is a grid of 400 days × 300 tasks with few elements, to every corner, in ${look.name}`, {
      timeout: 120_000,
    }, async () => {
      const { page, context, complaints } = await visit(browser, look, world.server.url);
      await page.goto(`/runs?days=${DAYS}&open=RETAIL/EVERYTHING`);
      const began = Date.now();
      await page.locator("li.days").nth(5).waitFor({ timeout: 60_000 });
      console.log(`first rows of 400 days × 300 tasks after ${Date.now() - began} ms`);
      const drawn = () => page.locator(".grid-box *").count();
      expect(await drawn()).toBeLessThan(1_500);
      const box = page.locator(".grid-box");
      const corner = async (left: number, top: number, name: string) => {
        await box.evaluate((element, [x, y]) => element.scrollTo(x ?? 0, y ?? 0), [left, top] as const);
        await page.getByText(name, { exact: true }).waitFor();
        expect(await drawn()).toBeLessThan(1_500);
      };
      // Stages are ordered: the last task is of the last stage.
      await corner(0, 0, "task_012");
      await corner(0, 1e6, "task_299");
      await corner(1e6, 1e6, "task_299");
      await shot(page, `runs-huge-end-${look.name}`);
      await corner(1e6, 0, "task_012");
      expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
      const down = await workPerFrame(page, 60, "document.querySelector('.grid-box').scrollTop = at * 90");
      const aside = await workPerFrame(page, 60, "document.querySelector('.grid-box').scrollLeft = 9000 - at * 120");
      console.log(
        `grid of 400 days × 300 tasks, ${look.name}: ${down} ms a frame scrolling down, ${aside} ms aside (budget 33)`,
      );
      expect(complaints).toEqual([]);
      await context.close();
    });

  it("is a run of 300 tasks", { timeout: 120_000 }, async () => {
    const { page, context, complaints } = await visit(browser, LOOKS[0], world.server.url);
    await page.goto(`/runs/RETAIL/EVERYTHING/${day(0)}`);
    await page
      .locator(".tk")
      .nth(TASKS - 1)
      .waitFor({ state: "attached" });
    await shot(page, "runs-huge-run-wide-light");
    expect([...(await layoutBreaks(page)), ...(await axeFindings(page))]).toEqual([]);
    const work = await workPerFrame(page, 60, "window.scrollTo(0, at * 120)");
    console.log(`run of 300 tasks: ${work} ms a frame scrolling (budget 33)`);
    await page.keyboard.press("k");
    await page.getByRole("complementary", { name: /^Task task_/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
