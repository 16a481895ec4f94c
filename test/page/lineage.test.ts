/** The Lineage route on the real server over a real store: every view whole, and walked by mouse and by keyboard alone. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../src/server/testing/start.ts";
import { sqliteSetting } from "../stores.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { LAST_DAY, seedRetail } from "./lineage-estate.ts";
import { startLineageServer } from "./lineage-server.ts";

const reason = noBrowser();
if (reason) console.log(`page lineage: skipped, ${reason}`);

const ORDERS = "dataset:databricks://1/main.silver.orders_enriched";
const focus = (query = "") => `/lineage?node=${encodeURIComponent(ORDERS)}${query}`;
const address = (page: Page) => page.evaluate(() => location.pathname + location.search);
const param = (page: Page, name: string) => page.evaluate((key) => new URLSearchParams(location.search).get(key), name);

/** Views by name, with the words that show it is there. */
const VIEWS: [name: string, path: string, words: string][] = [
  ["lineage-start", "/lineage", "gl_balances"],
  ["lineage-jobs", "/lineage?list=jobs", "finance_close"],
  ["lineage-nothing-fits", "/lineage?q=zzz", "No table fits this filter"],
  ["lineage-focus", focus(), "gl_post"],
  ["lineage-deep", focus("&up=4&down=6"), "gl_post"],
  ["lineage-bundle", "/lineage?node=main.mart.revenue_by_country", "31 more readers"],
  ["lineage-diff", "/lineage?node=raw.returns&diff=2026-11-02", "till_reconcile"],
  ["lineage-table", focus("&view=table"), "gl_post"],
  ["lineage-missing", "/lineage?node=silver.order_enriched", "did you mean"],
  ["lineage-map", "/lineage?view=map", "Whole picture"],
];

/** What the browser itself says of an answer that is an error. */
const EXPECTED = /Failed to load resource: the server responded with a status of 404/;

describe.skipIf(reason !== undefined)("lineage on the page", () => {
  const setting = sqliteSetting();
  let browser: Browser;
  let server: TestServer;
  let open: Visit | undefined;
  const look = async (at = 0): Promise<Page> => {
    open = await visit(browser, LOOKS[at] ?? LOOKS[0], server.url);
    open.page.setDefaultTimeout(10_000);
    return open.page;
  };
  beforeAll(async () => {
    server = await startLineageServer(setting, seedRetail);
    browser = await launch();
  });
  afterEach(async () => {
    const seen = open;
    open = undefined;
    await seen?.context.close();
    expect(seen?.complaints.filter((text) => !EXPECTED.test(text)) ?? []).toEqual([]);
    expect(seen?.strangers ?? []).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await setting.end();
  });

  for (const [at, { name }] of LOOKS.entries())
    it(`is whole in ${name}`, { timeout: 180_000 }, async () => {
      const page = await look(at);
      const found: string[] = [];
      for (const [view, path, words] of VIEWS) {
        await page.goto(path);
        await page.getByText(words).filter({ visible: true }).first().waitFor();
        if (view === "lineage-map") await page.locator("[data-placed=true]").waitFor();
        await shot(page, `${view}-${name}`);
        for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))])
          found.push(`${view}: ${line}`);
      }
      expect(found.join("\n")).toBe("");
    });

  it("finds a table by keys, shows what is around it, and leads on from box to box", { timeout: 60_000 }, async () => {
    const page = await look();
    await page.goto("/lineage");
    await page.getByRole("textbox", { name: "Find a table or job" }).focus();
    await page.keyboard.type("silver orders_enr");
    await page.getByRole("option", { name: /main\.silver\.orders_enriched/ }).waitFor();
    await page.keyboard.press("Enter");
    await expect.poll(() => param(page, "node")).toBe(ORDERS);
    await page.locator(".lin-box.on").waitFor();
    // From the focus to the right, down, and in.
    await page.locator(".lin-box.on").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Lineage of enrich_orders" }).waitFor();
    await page.getByRole("complementary", { name: /enrich_orders/ }).waitFor();
    await page.getByText("Running since 06:12").filter({ visible: true }).first().waitFor();
    expect(await page.getByRole("link", { name: "enrich_orders", exact: true }).getAttribute("href")).toBe(
      "/jobs/enrich_orders",
    );
    await page.goBack();
    await expect.poll(() => param(page, "node")).toBe(ORDERS);
    await page.locator(".lin-box.on").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => address(page)).toBe("/lineage");
  });

  it("says why an edge is there, why another is dashed and who it may have been, and which columns", async () => {
    const page = await look();
    await page.goto(focus("&view=table"));
    const row = page.getByRole("row", { name: /orders_enriched is read by gl_post/ });
    await row.click({ position: { x: 600, y: 10 } });
    const panel = page.getByRole("complementary", { name: /^Edge from .*orders_enriched to gl_post/ });
    await panel.getByText("Why dashed").waitFor();
    expect(await panel.locator(".lin-candidates li").allInnerTexts()).toEqual([
      "gl_post\n0.61",
      "marek@example.com\n0.39",
    ]);
    await page.getByRole("row", { name: /enrich_orders writes/ }).click({ position: { x: 600, y: 10 } });
    await page
      .getByRole("complementary", { name: /^Edge from enrich_orders/ })
      .getByText("All 7 columns")
      .click();
    expect(await page.locator(".lin-columns tbody tr").count()).toBe(7);
    // Two sources that saw the same.
    await page.goto("/lineage?node=main.raw.orders&view=table");
    await page
      .getByRole("row", { name: /raw\.orders is read by enrich_orders/ })
      .click({ position: { x: 600, y: 10 } });
    const agreed = page.getByRole("complementary", { name: /^Edge from/ });
    await agreed.getByText("By source").waitFor();
    expect(await agreed.getByText(/events and logs/).count()).toBe(1);
  });

  it("is a table for keys and for copying: the same edges as the picture", async () => {
    const page = await look();
    await page.goto(focus());
    await page.locator(".lin-box.on").waitFor();
    const lines = await page.locator("[data-line]").count();
    await page.keyboard.press("t");
    await page.getByRole("table", { name: "Edges" }).waitFor();
    await expect.poll(() => page.locator("tr[data-index]").count()).toBe(lines);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.getByRole("complementary", { name: /^Edge from/ }).waitFor();
    await page.getByRole("button", { name: "Copy as a table" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.split("\n")).toHaveLength(lines + 1);
    expect(text).toContain("main.silver.orders_enriched\treads\tgl_post\tambiguous");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.locator(".lin-box.on").waitFor();
    expect(await param(page, "view")).toBeNull();
  });

  it("looks further both ways, and unfolds what is folded", async () => {
    const page = await look();
    await page.goto("/lineage?node=main.mart.revenue_by_country");
    await page.getByText("31 more readers").waitFor();
    const boxes = () => page.locator(".lin-box").count();
    const before = await boxes();
    await page.getByRole("button", { name: "More up" }).click();
    await expect.poll(() => param(page, "up")).toBe("3");
    await expect.poll(boxes).toBeGreaterThan(before);
    await page.locator(".lin-box.bundle").click();
    await page.getByText("31 more readers").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /^Unfolded/ }).click();
    await page.getByText("31 more readers").waitFor();
  });

  it("shows another day, and what a day has that another has not", async () => {
    const page = await look();
    await page.goto("/lineage?node=main.raw.returns");
    await page.getByRole("button", { name: "Compare with another day" }).click();
    await expect.poll(() => param(page, "diff")).toBe("2026-11-13");
    const compared = page.getByRole("slider", { name: "Compared with" });
    await compared.focus();
    for (let step = 0; step < 11; step += 1) await page.keyboard.press("ArrowLeft");
    await expect.poll(() => param(page, "diff")).toBe("2026-11-02");
    await page.getByText("− 1 edge gone").waitFor();
    await page.locator(".lin-box.del", { hasText: "till_reconcile" }).waitFor();
    await page.getByRole("button", { name: "Stop comparing" }).click();
    const date = page.getByRole("slider", { name: "Date of the graph" });
    expect(await date.getAttribute("aria-valuetext")).toBe("20 Nov");
    await date.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => param(page, "at")).toBe("2026-09-12");
    await page.locator(".lin-box", { hasText: "till_reconcile" }).waitFor();
    await page.keyboard.press("End");
    await expect.poll(() => param(page, "at")).toBeNull();
    expect(LAST_DAY).toBe("2026-11-20");
  });

  it("keeps what is typed and where a handle was put when an older answer comes late", async () => {
    const page = await look();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/api/v1/lineage/graph?**", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto("/lineage?node=main.raw.returns");
    const search = page.getByRole("textbox", { name: "Find a table or job" });
    await search.focus();
    await page.keyboard.type("fraud");
    release();
    await page.locator(".lin-box.on").waitFor();
    expect(await search.inputValue()).toBe("fraud");
    await page.keyboard.press("Escape");
    await page.unroute("**/api/v1/lineage/graph?**");

    let late: (() => Promise<void>) | undefined;
    await page.route("**/api/v1/lineage/graph?**at=2026-11-19**", (route) => {
      late = () => route.continue();
    });
    const date = page.getByRole("slider", { name: "Date of the graph" });
    await date.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => late).toBeDefined();
    await page.keyboard.press("ArrowLeft");
    await late?.();
    await expect.poll(() => param(page, "at")).toBe("2026-11-18");
    expect(await date.getAttribute("aria-valuetext")).toBe("18 Nov");
    await page.getByText("18 Nov", { exact: true }).first().waitFor();
  });

  it("finds tables in the command bar, and leads from the map to a box", async () => {
    const page = await look();
    await page.goto("/jobs");
    await page.keyboard.press("/");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("fraud_sc");
    await page.getByRole("option", { name: /main\.mart\.fraud_scores/ }).click();
    await expect.poll(() => param(page, "node")).toBe("dataset:databricks://1/main.mart.fraud_scores");
    await page.goto("/lineage?view=map");
    await page.locator("[data-placed=true]").waitFor();
    const box = page.getByRole("application");
    const { x, y, width, height } = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const cursor = () => box.locator("canvas").evaluate((canvas) => getComputedStyle(canvas).cursor);
    // Somewhere on one of some lines through the middle stands a box: the pointer tells in the turn of its move.
    for (let at = 0; at < 720 && (await cursor()) !== "pointer"; at += 1)
      await page.mouse.move(x + (width * (at % 120)) / 120, y + height / 2 + 12 * Math.floor(at / 120));
    await page.locator(".lin-over").waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => param(page, "node")).toMatch(/^(job|dataset):databricks/);
  });

  it("leads by touch through the lists of a phone", async () => {
    const page = await look(2);
    await page.goto(focus());
    await page.getByRole("img", { name: /^Picture of/ }).waitFor();
    await page.getByRole("button", { name: "likely" }).first().tap();
    await page
      .getByRole("complementary", { name: /^Edge from/ })
      .getByText("Why thin")
      .waitFor();
    await page.getByRole("link", { name: /main\.mart\.gl_balances/ }).tap();
    await page.getByRole("heading", { level: 1, name: "Lineage of main.mart.gl_balances" }).waitFor();
  });
});
