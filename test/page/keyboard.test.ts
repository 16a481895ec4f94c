/** The page without a mouse: lists, jobs, plans, dialogs, and where Escape leads. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, type Visit, visit } from "./browser.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page keyboard: skipped, ${reason}`);

const address = (page: Page) => page.evaluate(() => location.pathname + location.search);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");

describe.skipIf(reason !== undefined)("the page by keyboard", () => {
  let browser: Browser;
  let server: PageServer;
  let open: Visit;
  const press = async (...keys: string[]) => {
    for (const key of keys) await open.page.keyboard.press(key);
  };
  beforeAll(async () => {
    server = await startPageServer();
    browser = await launch();
    open = await visit(browser, LOOKS[0], server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  it("moves in the list, opens a job, walks its tabs, and comes back to where it was", async () => {
    const { page } = open;
    await page.goto("/jobs?verdict=ok");
    await page.getByText("ingest_erp").waitFor();
    await press("j", "j", "k", "j");
    await expect.poll(() => address(page)).toBe("/jobs?verdict=ok&sel=marketing_attribution");
    await press("Enter");
    await page.getByRole("heading", { level: 1, name: "marketing_attribution" }).waitFor();
    await press("2");
    await page.getByText("pause_status").waitFor();
    await expect.poll(() => address(page)).toBe("/jobs/marketing_attribution/plan");
    await press("4");
    await page.getByText("marek@example.com").waitFor();
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/jobs?verdict=ok&sel=marketing_attribution");
    await page.locator("tr.sel", { hasText: "marketing_attribution" }).waitFor();
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/jobs?verdict=ok");
  });

  it("finds a job and a command in the command bar", async () => {
    const { page } = open;
    await page.goto("/runs");
    await page.getByText("No process is registered").waitFor();
    await press("/");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("fx_");
    await page.getByRole("option", { name: /fx_rates/ }).waitFor();
    await press("Enter");
    await expect.poll(() => address(page)).toBe("/jobs/fx_rates");
    await press("Control+k");
    await page.keyboard.type("go to wav");
    await page.getByRole("option", { name: /Go to waves/ }).waitFor();
    await press("Enter");
    await expect.poll(() => address(page)).toBe("/waves");
    await press("g", "l");
    await expect.poll(() => address(page)).toBe("/lineage");
    await press("/", "x", "Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await address(page)).toBe("/lineage");
  });

  it("shows the keys, and Escape closes only the dialog", async () => {
    const { page } = open;
    await page.goto("/jobs?sel=gl_post");
    await page.getByText("gl_post").first().waitFor();
    await press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await press("j", "Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await address(page)).toBe("/jobs?sel=gl_post");
  });

  it("filters by keys alone, and leaves the field with Escape", async () => {
    const { page } = open;
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    await press("f");
    await page.keyboard.type("jj supply");
    await expect.poll(() => address(page)).toBe("/jobs?q=jj+supply");
    await page.getByText("No job fits these filters").waitFor();
    await press("Control+a");
    await page.keyboard.type("supply");
    await page.getByText("inventory_snapshot").waitFor();
    await press("Escape", "j");
    await expect.poll(() => address(page)).toBe("/jobs?q=supply&sel=inventory_snapshot");
    // The Verdict menu by keys.
    await page.getByRole("button", { name: /^Verdict/ }).focus();
    await press("Enter");
    await page.getByRole("menuitemcheckbox", { name: /Done/ }).waitFor();
    await page.getByRole("menuitemcheckbox", { name: /Done/ }).focus();
    await press("Enter", "Escape");
    await expect.poll(() => address(page)).toBe("/jobs?q=supply&verdict=ok");
  });

  it("chooses tasks in the graph with the arrows, and closes the task before the job", async () => {
    const { page } = open;
    await page.goto("/jobs/nightly_sales");
    const graph = page.getByRole("application");
    await graph.focus();
    await press("ArrowRight");
    await expect.poll(() => address(page)).toBe("/jobs/nightly_sales?task=load_orders");
    await press("ArrowRight", "ArrowRight", "ArrowDown");
    await expect.poll(() => address(page)).toBe("/jobs/nightly_sales?task=basket");
    await page.getByRole("complementary", { name: "Task basket" }).waitFor();
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/jobs/nightly_sales");
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/jobs");
  });

  it("reviews, settles the conflict and applies a plan", async () => {
    const { page } = open;
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    await press("p");
    await page.getByRole("heading", { name: /5 jobs change/ }).waitFor();
    await press("j");
    expect(await focused(page)).toMatch(/nightly_sales/);
    await press("Enter");
    await page.getByText("max_retries").waitFor({ state: "detached" });
    await press("Enter", "j");
    expect(await focused(page)).toMatch(/customers_scd2/);
    const apply = page.getByRole("button", { name: "Apply 4 changes" });
    expect(await apply.getAttribute("aria-disabled")).toBe("true");
    await page.getByText("1 job in conflict: choose first").waitFor();
    await page.getByRole("button", { name: "Ours" }).focus();
    await press("Space");
    await expect.poll(() => apply.getAttribute("aria-disabled")).toBe("false");
    await apply.focus();
    await press("Enter");
    await page.getByRole("dialog", { name: /Apply 4 changes to prod/ }).waitFor();
    await press("Enter");
    await page.getByText("Applied.").waitFor();
    expect(server.writes.at(-1)?.body).toEqual({
      resolutions: { customers_scd2: { "tasks[task_key=scd2].notebook_task.base_parameters.full": "ours" } },
    });
    await press("Escape");
    await expect.poll(() => address(page)).toBe("/jobs");
  });

  it("loses no key: they work once the browser has loaded the page, and the bar's field has the focus at once", async () => {
    const { page, context } = await visit(browser, LOOKS[0], server.url);
    await page.addInitScript(() =>
      addEventListener("load", () => {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true }));
        // What the key did, before the browser could give the page another one.
        queueMicrotask(() => Object.assign(window, { focused: document.activeElement?.getAttribute("aria-label") }));
      }),
    );
    await page.goto("/jobs");
    expect(await page.evaluate(() => (window as unknown as { focused: string | null }).focused)).toBe(
      "Find a job or table, or type a command",
    );
    await page.keyboard.type("fx_");
    await page.getByRole("option", { name: /fx_rates/ }).waitFor();
    await context.close();
  });

  it("starts with a link past the frame", async () => {
    const { page } = open;
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    await press("Tab");
    expect(await focused(page)).toBe("Skip to content");
    await press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("main");
  });

  it("complained of nothing", () => {
    expect(open.complaints).toEqual([]);
    expect(open.strangers).toEqual([]);
  });
});
