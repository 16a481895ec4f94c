/** What the page's main thread works for each frame. */
import type { Page } from "playwright-core";

/**
 * Does `step` again and again, once a frame.
 * @param step script with the number of the frame as `at`
 * @returns work for a frame, milliseconds: what the thread worked, not how long others kept it waiting
 */
export async function workPerFrame(page: Page, frames: number, step: string): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () =>
    (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  const before = await busy();
  // As text: a compiled function may call what only its own module has.
  await page.evaluate(`new Promise((resolve) => {
    const move = new Function("at", ${JSON.stringify(step)});
    let at = 0;
    const next = () => {
      if (at >= ${frames}) return resolve();
      move(at);
      at += 1;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  })`);
  const used = (await busy()) - before;
  await session.detach();
  return Math.round((used * 1_000 * 10) / frames) / 10;
}
