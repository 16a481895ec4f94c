/** The calendar of starts: by day and hour, in lanes, by keyboard, with ten thousand jobs. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { JobRow } from "../../src/model/view.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer, type World } from "./page-server.ts";
import { fleetOf, hugeFleet } from "./retail-fleet.ts";

const reason = noBrowser();
if (reason) console.log(`page calendar: skipped, ${reason}`);

/** Ten thousand jobs on some hundred schedules. */
function busyFleet() {
  const fleet = hugeFleet();
  const items = fleet.items.map((row, index): JobRow => {
    const [minute, hour] = [index % 60, Math.floor(index / 60) % 24];
    const expression = index % 50 === 0 ? "0 0/5 * * * ?" : `0 ${minute} ${hour} * * ?`;
    const timezone = index % 3 === 0 ? "America/New_York" : "Europe/London";
    return {
      ...row,
      schedule: { text: `at ${hour}:${minute}`, expression, timezone, paused: index % 90 === 7, nextStart: null },
    };
  });
  return { ...fleet, items };
}

/** What the browser itself says of an answer that is an error. */
const EXPECTED = /Failed to load resource: the server responded with a status of 422/;

describe.skipIf(reason !== undefined)("the calendar", () => {
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
  const start = async (world: Partial<World> = {}, look = 0) => {
    server = await startPageServer(world);
    open = await visit(browser, LOOKS[look] ?? LOOKS[0], server.url);
    return open.page;
  };
  const whole = async (name: string) => {
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
    expect(open.complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
  };
  const search = () => new URL(open.page.url()).search;

  for (const [index, look] of LOOKS.entries())
    it(`is whole in ${look.name}`, { timeout: 60_000 }, async () => {
      const page = await start({}, index);
      await page.goto("/jobs?view=calendar");
      await page.getByRole("list", { name: "Jobs that start then" }).getByText("gl_post").waitFor();
      await whole(`calendar-${look.name}`);
      await page.goto("/jobs?view=calendar&day=2026-11-23&hour=5&show=atOnce");
      await page.getByText("Mon 23 Nov, 05:00 to 06:00").waitFor();
      await page.getByRole("list", { name: "Jobs that start then" }).getByText("paused").waitFor();
      await whole(`calendar-hour-${look.name}`);
    });

  it("is used by keyboard, and its address says what is seen", async () => {
    const page = await start();
    await page.goto("/jobs");
    await page.getByRole("link", { name: "Calendar" }).click();
    const hours = page.getByRole("table", { name: "Starts by day and hour" });
    await hours.getByRole("button", { name: /^Fri 20 Nov, 00:00/ }).focus();
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
    await expect.poll(search).toBe("?view=calendar&day=2026-11-21&hour=2");
    await page.getByText("Sat 21 Nov, 02:00 to 03:00").waitFor();
    await page.getByRole("list", { name: "Jobs that start then" }).getByText("nightly_sales").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await expect.poll(search).toContain("sel=");
    await page.keyboard.press("Escape");
    await expect.poll(search).toBe("?view=calendar&day=2026-11-21&hour=2");
    await page.keyboard.press("Escape");
    await expect.poll(search).toBe("?view=calendar&day=2026-11-21");
    await page.keyboard.press("]");
    await expect.poll(search).toBe("?view=calendar&from=2026-11-27");
    await page.getByRole("button", { name: "Today" }).click();
    await page.getByLabel("Filter jobs of the calendar").fill("nightly");
    await expect.poll(search).toBe("?view=calendar&q=nightly");
    await page.getByText("of 1 job", { exact: false }).waitFor();
    await page.getByRole("link", { name: "nightly_sales" }).click();
    await page.getByRole("heading", { name: "nightly_sales" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(search).toBe("?view=calendar&q=nightly");
  });

  for (const look of [0, 3])
    it(`holds the starts of 10,000 jobs with few rows drawn, in ${LOOKS[look]?.name}`, {
      timeout: 90_000,
    }, async () => {
      const page = await start({ fleet: busyFleet() }, look);
      await page.goto("/jobs?view=calendar");
      const lanes = page.getByRole("list", { name: "Jobs that start then" });
      await lanes.getByRole("listitem").first().waitFor();
      expect(await lanes.getByRole("listitem").count()).toBeLessThan(80);
      await page.getByText("of 10\u2009000 jobs").waitFor();
      await whole(`calendar-huge-${LOOKS[look]?.name}`);
      const last = () => lanes.locator("li[aria-posinset='10000'] a").count();
      // The end moves away as pages come: somebody who wants to see it scrolls on.
      const onward = async () => {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        return last();
      };
      await expect.poll(onward, { timeout: 60_000, interval: 100 }).toBe(1);
      expect(await lanes.getByRole("listitem").count()).toBeLessThan(80);
      await shot(page, `calendar-huge-end-${LOOKS[look]?.name}`);
    });

  it("waits with rows, says what failed, and when nothing starts", async () => {
    const page = await start({ slow: 800 });
    await page.goto("/jobs?view=calendar");
    await page.getByRole("status", { name: "Loading" }).first().waitFor();
    server.world.slow = 0;
    server.world.failing = { status: 422, code: "input_invalid", title: "There is no day", detail: "" };
    await page.reload();
    await page.getByText("The calendar could not be made").waitFor();
    server.world.failing = null;
    server.world.fleet = fleetOf([]);
    await page.reload();
    await page.getByText("Nothing starts then.").waitFor();
    await whole("calendar-empty-wide-light");
  });
});
