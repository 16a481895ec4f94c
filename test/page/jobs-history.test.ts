/** History of a job and of the fleet, and the way back to a former definition. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer, type World } from "./page-server.ts";
import { fleetOf, hugeFleet } from "./retail-fleet.ts";

const reason = noBrowser();
if (reason) console.log(`page history: skipped, ${reason}`);

/** What the browser itself says of an answer that is an error. */
const EXPECTED = /Failed to load resource: the server responded with a status of 422/;

describe.skipIf(reason !== undefined)("history on the page", () => {
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

  for (const [index, look] of LOOKS.entries())
    it(`is whole in ${look.name}`, { timeout: 60_000 }, async () => {
      const page = await start({}, index);
      await page.goto("/jobs/nightly_sales/history");
      await page.getByText("marek@example.com").waitFor();
      await page.getByRole("button", { name: /marek@example.com/ }).click();
      await page.getByText("0 30 2 * * ?").first().waitFor();
      await whole(`jobs-history-${look.name}`);
      await page.goto("/jobs?view=history");
      await page.getByRole("button", { name: /nightly_sales/ }).click();
      await page.getByText("timeout_seconds").waitFor();
      await whole(`fleet-history-${look.name}`);
      await page.goto("/plans/new?rollback=nightly_sales&to=38");
      await page.getByText("nightly_sales as it was at serial 38.").waitFor();
      await whole(`plan-rollback-${look.name}`);
    });

  it("rolls back by a plan that is reviewed and applied", async () => {
    const page = await start();
    await page.goto("/jobs/nightly_sales/history");
    await page.getByRole("link", { name: "Roll back to this: nightly_sales, serial 38" }).click();
    await page.getByText("nightly_sales as it was at serial 38.").waitFor();
    expect(new URL(page.url()).search).toBe("?rollback=nightly_sales&to=38");
    expect(server.writes.map(({ path }) => path)).toEqual(["/jobs/nightly_sales/rollback"]);
    expect(server.writes[0]?.body).toEqual({ to: 38 });
    // The checkout is behind by definition.
    await page.getByRole("button", { name: "Apply 1 change" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply 1 change" }).click();
    await page.getByText("Applied.").waitFor();
    expect(server.writes.at(-1)?.body).toEqual({ allowBehind: true });
    await page.goto("/jobs/nightly_sales/history");
    await page
      .getByRole("link", { name: /^Roll back/ })
      .first()
      .waitFor();
    // The newest entry is what there is.
    expect(await page.getByRole("link", { name: /^Roll back/ }).count()).toBe(2);
  });

  it("gives the command where the server does not apply", async () => {
    const page = await start({ status: { apply: false } });
    await page.goto("/jobs/nightly_sales/history");
    await page.getByRole("button", { name: "Copy rollback headgate jobs rollback nightly_sales --to 38" }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toBe("headgate jobs rollback nightly_sales --to 38");
    expect(await page.getByRole("link", { name: /^Roll back/ }).count()).toBe(0);
  });

  it("puts the changes of an apply together, by keyboard, and brings a deleted job back", async () => {
    const page = await start({ fleet: hugeFleet() });
    await page.goto("/jobs?view=history");
    const apply = page.getByRole("region", { name: /^anna@example.com/ });
    await apply.getByText("48 jobs", { exact: true }).waitFor();
    expect(await apply.getByRole("listitem").count()).toBe(20);
    await page.getByRole("button", { name: "Show 28 more jobs" }).click();
    expect(await apply.getByRole("listitem").count()).toBe(48);
    await page.getByRole("button", { name: "Show older changes" }).click();
    await apply.getByText("198 jobs").waitFor();
    await page.getByText("Older changes are in the history of each job.").waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText("No field changed.").waitFor();
    await page.getByRole("link", { name: "Make it again: stock_export_old" }).click();
    await page.getByText("stock_export_old as it was before its last change.").waitFor();
    expect(server.writes.at(-1)).toEqual({ path: "/jobs/stock_export_old/rollback", body: {} });
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).search).toBe("?view=history");
  });

  it("waits with rows, says what failed, and helps where nothing was applied", async () => {
    const page = await start({ slow: 1_000 });
    await page.goto("/jobs?view=history");
    await page.getByRole("status", { name: "Loading" }).first().waitFor();
    await page.getByText("stock_export_old").waitFor();
    server.world.slow = 0;
    server.world.failing = {
      status: 422,
      code: "input_invalid",
      title: "state.json cannot be read",
      detail: "no JSON",
    };
    await page.reload();
    await page.getByText("The history could not be read").waitFor();
    server.world.failing = null;
    await page.getByRole("button", { name: "Try again" }).last().click();
    await page.getByText("stock_export_old").waitFor();
    server.world.fleet = fleetOf([]);
    server.world.applied = false;
    await page.reload();
    await page.getByText("Nothing has been applied yet.").waitFor();
  });
});
