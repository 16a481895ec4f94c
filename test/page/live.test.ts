/** What changes by itself: rows, an apply as it goes, a plan that grew old, a workspace that goes away and comes back. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobRow } from "../../src/model/view.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { type PageServer, startPageServer } from "./page-server.ts";
import { RETAIL_ROWS } from "./retail-fleet.ts";

const reason = noBrowser();
if (reason) console.log(`page live: skipped, ${reason}`);

const moved = (resource: string, text: string): JobRow => {
  const row = RETAIL_ROWS.find((each) => each.resource === resource) as JobRow;
  return { ...row, verdict: { state: "ok", text } };
};

describe.skipIf(reason !== undefined)("the page, live", () => {
  let browser: Browser;
  let server: PageServer;
  let open: Visit;
  beforeAll(async () => {
    browser = await launch();
  });
  beforeEach(async () => {
    server = await startPageServer({ applyStep: 150 });
    open = await visit(browser, LOOKS[0], server.url);
    // Lives as long as the document: tells a reload from an update.
    await open.page.addInitScript(() => Object.assign(window, { born: Math.random() }));
  });
  afterEach(async () => {
    await open.context.close();
    await server.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const born = () => open.page.evaluate(() => (window as unknown as { born: number }).born);

  it("changes a row without a reload", async () => {
    const { page } = open;
    await page.goto("/jobs?sel=gl_post");
    await page.getByText("Failed 04:18").waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    const before = await born();
    server.moveRow(moved("gl_post", "Done 06:31"));
    await page.getByText("Done 06:31").waitFor();
    await page.getByText("Failed 04:18").waitFor({ state: "detached" });
    expect(await page.getByRole("link", { name: /Need you 3/ }).count()).toBe(1);
    expect(await born()).toBe(before);
    expect(open.complaints).toEqual([]);
  });

  it("misses nothing that happens between its first answer and the live line", async () => {
    const { page } = open;
    server.world.lineWaits = true;
    await page.goto("/jobs?sel=gl_post");
    await page.getByText("Failed 04:18").waitFor();
    await page.getByText("Connecting").first().waitFor();
    server.moveRow(moved("gl_post", "Done 06:31"));
    server.world.lineWaits = false;
    await page.getByText("Done 06:31").waitFor();
    expect(open.complaints).toEqual([]);
  });

  it("says when the fleet moved under a plan", async () => {
    await open.context.close();
    open = await visit(browser, LOOKS[0], server.url, true);
    const { page } = open;
    await page.goto("/plans/new");
    await page.getByRole("heading", { name: /5 jobs change/ }).waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    server.moveRow(moved("gl_post", "Done 06:31"));
    server.moveRow(moved("nightly_sales", "Done 06:31"));
    await page.getByText("The fleet has changed since this plan.").waitFor();
    await page.getByText("nightly_sales moved").waitFor();
    await page.getByRole("link", { name: "Make a new plan" }).click();
    await page.getByText("The fleet has changed since this plan.").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: /5 jobs change/ }).waitFor();
    expect(page.url()).toMatch(/\/plans\/p2$/);
  });

  it("shows an apply as it goes, with what failed and what to do", async () => {
    const { page } = open;
    server.world.breaks = "nightly_sales";
    server.world.waitsAt = "nightly_sales";
    await page.goto("/plans/new");
    await page.getByRole("button", { name: "Leave this job" }).click();
    await page.getByRole("button", { name: "Apply 3 changes" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply 3 changes" }).click();
    await page.getByText("Applying", { exact: true }).first().waitFor();
    await shot(page, "apply-running-wide-light");
    server.world.waitsAt = null;
    await page.getByText("Not everything was applied.").waitFor();
    await shot(page, "apply-failed-wide-light");
    await page.getByText("ci@example.com may not change this job").waitFor();
    await page.getByText("2 jobs done, 1 failed, 2 left out").waitFor();
    expect(server.writes.at(-1)?.body).toEqual({ resolutions: { customers_scd2: "leave" } });
    // The address holds the apply: a reload shows the same.
    await page.reload();
    await page.getByText("Not everything was applied.").waitFor();
  });

  it("says that the workspace is away, what is shown instead, and when it is back", async () => {
    const { page } = open;
    server.world.status = { workspaceReachable: false, error: "connect ETIMEDOUT after 4 tries" };
    await page.goto("/jobs");
    await page.getByText("prod cannot be reached.").waitFor();
    await page.getByText("gl_post").first().waitFor();
    await shot(page, "jobs-away-wide-light");
    await page.getByText("Workspace away").first().waitFor();
    server.emit("status", {
      version: "0.1.0",
      project: "retail",
      target: "prod",
      workspace: "prod",
      host: "https://x.example",
      apply: true,
      storeReadOnly: false,
      timezone: "Europe/London",
      workspaceReachable: true,
      lastReadAt: "2026-11-20T06:31:00.000Z",
      error: null,
    });
    await page.getByText("prod cannot be reached.").waitFor({ state: "detached" });
  });
});
