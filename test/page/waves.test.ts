/** The Waves route on the real server over a real store: whole in every look, pins by mouse, by drag and by keyboard. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { TestServer } from "../../src/server/testing/start.ts";
import { sqliteSetting } from "../stores.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { seedRetail } from "./lineage-estate.ts";
import { startLineageServer } from "./lineage-server.ts";

const reason = noBrowser();
if (reason) console.log(`page waves: skipped, ${reason}`);

const param = (page: Page, name: string) => page.evaluate((key) => new URLSearchParams(location.search).get(key), name);
const groups = (page: Page, wave: number) =>
  page
    .getByRole("listitem", { name: `Wave ${wave}`, exact: true })
    .locator(".group b")
    .allInnerTexts();

describe.skipIf(reason !== undefined)("waves on the page", () => {
  const setting = sqliteSetting();
  let browser: Browser;
  let server: TestServer;
  let open: Visit | undefined;
  const look = async (at = 0): Promise<Page> => {
    open = await visit(browser, LOOKS[at] ?? LOOKS[0], server.url);
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
    expect(seen?.complaints ?? []).toEqual([]);
    expect(seen?.strangers ?? []).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await setting.end();
  });

  const VIEWS: [name: string, path: string, words: string][] = [
    ["waves", "/waves", "ingest_erp"],
    ["waves-group", "/waves?sel=job:203", "Why here"],
    ["waves-pinned", "/waves?pins=job:202=4&jobs=10", "1 pin."],
  ];
  for (const [at, { name }] of LOOKS.entries())
    it(`is whole in ${name}`, { timeout: 120_000 }, async () => {
      const page = await look(at);
      const found: string[] = [];
      for (const [view, path, words] of VIEWS) {
        await page.goto(path);
        await page.getByText(words).filter({ visible: true }).first().waitFor();
        await shot(page, `${view}-${name}`);
        for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))])
          found.push(`${view}: ${line}`);
      }
      expect(found.join("\n")).toBe("");
    });

  it("puts writers before readers, says why, and leads to the lineage of a table", async () => {
    const page = await look();
    await page.goto("/waves");
    await page.getByText("ingest_erp").first().waitFor();
    expect(await groups(page, 1)).toEqual(["ingest_erp", "ingest_till"]);
    expect(await groups(page, 2)).toContain("clean_returns, till_reconcile");
    await page.getByRole("button", { name: /^clean_returns/ }).click();
    const panel = page.getByRole("region", { name: /^Wave 2: clean_returns/ });
    await panel.waitFor();
    // In sight, however long the board is.
    expect(await panel.evaluate((element) => element.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    expect(await param(page, "sel")).toBe("job:203");
    await page.getByRole("link", { name: "main.silver.returns_clean" }).first().click();
    await page.getByRole("heading", { level: 1, name: "Lineage of main.silver.returns_clean" }).waitFor();
  });

  it("pins by keyboard, says what that changes, copies the pins, and takes them out", async () => {
    const page = await look();
    await page.goto("/waves");
    const card = page.getByRole("button", { name: /^customers_scd2/ });
    await card.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("combobox", { name: "Move to" }).selectOption("3");
    await expect.poll(() => param(page, "pins")).toBe("job:202=3");
    await expect.poll(() => groups(page, 3)).toContain("customers_scd2");
    await page.getByText(/1 pin\./).waitFor();
    await page.getByRole("button", { name: "Copy pins.yml" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'pins:\n  jobs:\n    "202": 3\n  tables: {}\n',
    );
    await page.getByRole("button", { name: "Take all out" }).click();
    await expect.poll(() => groups(page, 2)).toContain("customers_scd2");
    await page.keyboard.press("Escape");
    await expect.poll(() => param(page, "sel")).toBeNull();
  });

  it("pins what is dragged to another wave", async () => {
    const page = await look();
    await page.goto("/waves");
    const card = page.getByRole("button", { name: /^customers_scd2/ });
    await card.dragTo(page.getByRole("listitem", { name: "Wave 3", exact: true }).locator("header"));
    await expect.poll(() => param(page, "pins")).toBe("job:202=3");
    await expect.poll(() => groups(page, 3)).toContain("customers_scd2");
  });

  it("splits at a hub, and plans anew for smaller waves", async () => {
    const page = await look();
    await page.goto("/waves");
    await page.getByText("main.silver.returns_clean").first().waitFor();
    await page.getByRole("button", { name: "Split" }).first().click();
    await expect.poll(() => param(page, "pins")).toBe("table:main.silver.returns_clean=exclude");
    await expect.poll(() => groups(page, 2)).toContain("clean_returns");
    await page.goBack();
    await page.getByText("clean_returns, till_reconcile").waitFor();
    await page.getByRole("textbox", { name: "At most" }).fill("10");
    await page.keyboard.press("Enter");
    await expect.poll(() => param(page, "jobs")).toBe("10");
    await expect.poll(() => page.getByRole("listitem", { name: /^Wave \d+$/ }).count()).toBeGreaterThan(4);
  });
});
