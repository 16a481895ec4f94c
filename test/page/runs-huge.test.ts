/** A grid of 400 days × 300 tasks and a run of 300 tasks: drawn in parts, every part reachable; what scrolling costs is printed. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunsRoom } from "../../src/runs/room.ts";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { day, type RunsWorld, runsWorld } from "./runs-world.ts";

const reason = noBrowser();
if (reason) console.log(`page runs huge: skipped, ${reason}`);

const DAYS = 400;
const TASKS = 300;
const STAGES = 12;
const OF = { projectCode: "RETAIL", processLoad: "EVERYTHING" };

/** 400 generated days; of the newest, what a night leaves behind. */
async function seedHuge(runs: RunsRoom): Promise<void> {
  await runs.registerProcess(OF.projectCode, OF.processLoad, { owner: "Platform" });
  for (let stage = 0; stage < STAGES; stage += 1)
    await runs.registerSequence({ sequenceId: 10 + stage, sequenceCode: `STAGE_${stage}`, sortOrder: 10 + stage });
  for (let task = 1; task <= TASKS; task += 1)
    await runs.registerTask(OF.projectCode, OF.processLoad, {
      workflowId: 1,
      taskId: task,
      sequenceId: 10 + (task % STAGES),
      name: `task_${String(task).padStart(3, "0")}`,
      expectedSeconds: 300 + (task % 7) * 120,
    });
  for (let ago = DAYS - 1; ago >= 0; ago -= 1)
    await runs.generateExecutionSteps(`e-${day(ago)}`, OF.projectCode, OF.processLoad, day(ago), {
      carryForward: false,
    });
  const ref = (taskId: number) => ({
    ...OF,
    processingDate: day(0),
    executionId: `e-${day(0)}`,
    workflowId: 1,
    taskId,
  });
  for (let task = 1; task <= TASKS; task += 3) {
    if (task % 5 === 0) await runs.failTask({ ...ref(task), logMessage: "no space left on device" });
    else if (task % 7 === 0) await runs.startTask(ref(task));
    else await runs.endTask(ref(task));
  }
}

/** Main-thread work for each frame while `step` is done again and again, milliseconds. */
async function workPerFrame(page: Page, steps: number, step: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // What the thread worked, not how long others kept it waiting.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () =>
    (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  const before = await busy();
  const frames = await page.evaluate(
    ([code, count]) =>
      new Promise<number>((resolve) => {
        const move = new Function("at", code as string) as (at: number) => void;
        let frame = 0;
        const next = () => {
          if (frame >= (count as number)) return resolve(frame);
          move(frame);
          frame += 1;
          requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
      }),
    [step, steps],
  );
  const used = (await busy()) - before;
  await session.detach();
  return Math.round((used * 1_000 * 10) / frames) / 10;
}

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
