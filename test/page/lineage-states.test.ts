/** Lineage where nothing was ingested, while it loads, where it fails, and of ten thousand nodes. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sqliteSetting } from "../stores.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { seedLarge } from "./lineage-estate.ts";
import { startLineageServer } from "./lineage-server.ts";
import { startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page lineage states: skipped, ${reason}`);

const FRAMES = 40;

describe.skipIf(reason !== undefined)("states of lineage", () => {
  const setting = sqliteSetting();
  let browser: Browser;
  let server: { url: string; close: () => Promise<unknown> } | undefined;
  let open: Visit | undefined;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    await open?.context.close();
    await server?.close();
    server = undefined;
  });
  afterAll(async () => {
    await browser?.close();
    await setting.end();
  });
  const start = async (running: { url: string; close: () => Promise<unknown> }, look = 0) => {
    server = running;
    open = await visit(browser, LOOKS[look] ?? LOOKS[0], running.url);
    return open.page;
  };
  const whole = async (name: string) => {
    if (!open) throw new Error("no page is open");
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
  };

  it("says of an empty store what fills it, in lists, graph, map and waves", async () => {
    const page = await start(await startLineageServer(setting, async () => undefined), 2);
    await page.goto("/lineage");
    await page.getByText("No lineage has been ingested yet.").waitFor();
    await page.getByRole("button", { name: "Copy headgate lineage ingest" }).waitFor();
    await whole("lineage-empty");
    await page.goto("/lineage?view=map");
    await page.getByText("No lineage has been ingested yet.").waitFor();
    await page.goto("/waves");
    await page.getByText("No data movement is known yet.").waitFor();
    await whole("waves-empty");
    await page.goto("/lineage?node=main.a.b");
    await page.getByText("the store has no lineage yet").waitFor();
    await whole("lineage-empty-focus");
  });

  it("draws rows of the right height while it waits", async () => {
    const page = await start(await startPageServer({ slow: 1_500 }));
    await page.goto("/lineage");
    await page.getByRole("status", { name: "Loading" }).first().waitFor();
    await whole("lineage-loading");
  });

  it("says what failed and what still works, and tries again", async () => {
    const failing = {
      status: 503,
      code: "unavailable",
      title: "The store does not answer",
      detail: "locked for 30 s",
      hint: "Is another ingest running?",
    };
    const pages = await startPageServer({ failing });
    const page = await start(pages);
    await page.goto("/lineage");
    await page.getByText("The lineage could not be read").waitFor({ timeout: 15_000 });
    await whole("lineage-failed");
    pages.world.failing = null;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("No lineage has been ingested yet.").waitFor();
  });

  it("maps ten thousand nodes on a canvas, lists them in virtual rows, pans without a long task", {
    timeout: 180_000,
  }, async () => {
    const page = await start(await startLineageServer(setting, (store) => seedLarge(store, 10_000)));
    await page.goto("/lineage");
    await page.getByText(/^7\u2009000 tables, 3\u2009000 jobs/).waitFor({ timeout: 60_000 });
    await page.locator("tr[data-index]").first().waitFor();
    expect(await page.locator("tr[data-index]").count()).toBeLessThan(80);
    await whole("lineage-large");

    await page.goto("/lineage?view=map");
    await page.locator("[data-placed=true]").waitFor({ timeout: 60_000 });
    expect(await page.locator("body *").count()).toBeLessThan(400);
    const cdp = await page.context().newCDPSession(page);
    // What the thread worked, not how long others kept it waiting.
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async () =>
      (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
    const box = await page.getByRole("application").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 300, (box?.y ?? 0) + 200];
    await page.mouse.move(x, y);
    await page.mouse.down();
    const before = await busy();
    for (let frame = 1; frame <= FRAMES; frame += 1) {
      await page.mouse.move(x + frame * 8, y + frame * 4);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
    }
    const each = ((await busy()) - before) / FRAMES;
    await page.mouse.up();
    // Printed, not held to: a busy machine is slower for reasons of its own.
    console.log(`map of 10,000 nodes: ${(each * 1_000).toFixed(1)} ms of the main thread a frame while panning`);
    await page.getByRole("button", { name: "Whole picture" }).click();
    // A canvas with nothing on it is a picture of few bytes.
    await expect.poll(async () => (await page.screenshot()).length, { timeout: 20_000 }).toBeGreaterThan(100_000);
    for (let step = 0; step < 6; step += 1) await page.getByRole("button", { name: "Larger" }).click();
    await whole("lineage-map-large");

    await page.goto("/lineage?node=main.bronze.table_2500&up=8&down=8");
    await page.locator(".lin-box.on").waitFor({ timeout: 30_000 });
    const drawn = await page.locator(".lin-box").count();
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(400);
    await whole("lineage-focus-large");
  });
});
