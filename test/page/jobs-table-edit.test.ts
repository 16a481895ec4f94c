/** Editing a control table in the page, over the real server and a fake warehouse: checked while one types, saved whole. */
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { startTableServer, type TableWorld } from "./control-table-server.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";

const reason = noBrowser();
if (reason) console.log(`page table editor: skipped, ${reason}`);

const WEB = path.resolve(import.meta.dirname, "../../dist/web");

describe.skipIf(reason !== undefined)("the editor of a control table", () => {
  let browser: Browser;
  let world: TableWorld;
  let open: Visit;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    await open.context.close();
    await world.close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const start = async (look = 0, apply = true) => {
    world = await startTableServer(apply, WEB);
    open = await visit(browser, LOOKS[look] ?? LOOKS[0], world.server.url, true);
    open.page.setDefaultTimeout(20_000);
    await open.page.goto(world.server.loginUrl);
    await open.page.goto("/jobs?view=tables");
    await open.page.getByText("sales/load").first().waitFor();
    return open.page;
  };
  const whole = async (name: string) => {
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
  };
  const merges = () =>
    world.fake.control
      .requests({ path: "sql/statements" })
      .filter(({ body }) => JSON.stringify(body).includes("MERGE"));

  it("is walked by keys: a fault is told at its cell, nothing is saved until it is mended", {
    timeout: 120_000,
  }, async () => {
    const page = await start();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const panel = page.getByRole("complementary", { name: "Row sales/load" });
    await panel.waitFor();
    await page.keyboard.press("e");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
      .toBe("resource_id");
    const config = panel.getByLabel("task_config");
    await config.fill('{"file_path": ');
    await panel.getByText(/is no JSON/).waitFor();
    expect(await config.getAttribute("aria-invalid")).toBe("true");
    await page.getByText("1 fault: mend first").waitFor();
    await whole("table-edit-fault");
    await page.keyboard.press("Control+Enter");
    await config.fill('{"file_path": "/nb/another"}');
    await page.getByText("no faults", { exact: true }).waitFor();
    expect(merges()).toEqual([]);
    await whole("table-edit-ready");
    // At once, while it is not checked yet.
    await config.fill('{"file_path": "/nb/other"}');
    await config.press("Control+Enter");
    await page.getByText("Saved 1 row").waitFor();
    expect(world.row("load")).toMatchObject({ task_config: '{"file_path": "/nb/other"}', depends_on: '["extract"]' });
    expect(merges()).toHaveLength(1);
    expect(await page.getByRole("region", { name: "Edits that are not saved" }).count()).toBe(0);
    expect(open.complaints).toEqual([]);
  });

  it("adds, deletes and undoes, and says which other row an edit breaks", { timeout: 120_000 }, async () => {
    const page = await start();
    await page.getByText("sales/extract").first().click();
    const panel = page.getByRole("complementary");
    await panel.getByLabel("task_key").fill("pull");
    await page.getByText(/Row sales\/load:.*extract/).waitFor();
    await panel.getByRole("button", { name: "Undo edits" }).click();
    expect(await panel.getByLabel("task_key").inputValue()).toBe("extract");

    await page.getByText("stock/count").first().click();
    await page.getByRole("button", { name: "New row" }).click();
    const fresh = page.getByRole("complementary", { name: "New row" });
    expect(await fresh.getByLabel("resource_id").inputValue()).toBe("stock");
    await fresh.getByLabel("task_key").fill("report");
    await fresh.getByLabel("task_type").fill("notebook");
    await fresh.getByLabel("task_config").fill('{"file_path": "/nb/report"}');
    await fresh.getByLabel("disabled").selectOption("false");
    await page.getByText("sales/load").first().click();
    await page.getByRole("button", { name: "Delete row" }).click();
    await page.getByText("1 new, 1 deleted").waitFor();
    await page.getByText("no faults", { exact: true }).waitFor();
    await whole("table-edit-many");
    await page.getByRole("button", { name: "Save 2 rows" }).click();
    await page.getByText("Saved 2 rows").waitFor();
    expect(world.row("load")).toBeUndefined();
    expect(world.row("report")).toMatchObject({ resource_id: "stock", disabled: false });
  });

  it("writes over nobody: what others changed meanwhile is shown, and kept", { timeout: 120_000 }, async () => {
    const page = await start();
    await page.getByText("stock/count").first().click();
    const panel = page.getByRole("complementary");
    await panel.getByLabel("job_name").fill("Mine");
    await page.getByText("no faults", { exact: true }).waitFor();
    const row = world.row("count");
    if (row) Object.assign(row, { job_name: "Theirs", depends_on: null });
    await page.getByRole("button", { name: "Save 1 row" }).click();
    await page.getByText("The table was changed since it was read.").waitFor();
    expect(world.row("count")).toMatchObject({ job_name: "Theirs" });
    await whole("table-edit-moved");
    await page.getByRole("button", { name: "Show it as it is now" }).click();
    await panel.getByText("Somebody wrote").waitFor();
    expect(await panel.getByLabel("job_name").inputValue()).toBe("Mine");
    await page.getByText("no faults", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Save 1 row" }).click();
    await page.getByText("Saved 1 row").waitFor();
    expect(world.row("count")).toMatchObject({ job_name: "Mine", depends_on: null });
  });

  it("is usable on a phone", { timeout: 120_000 }, async () => {
    const page = await start(3);
    await page.getByText("stock/count").first().tap();
    const panel = page.getByRole("complementary", { name: "Row stock/count" });
    await panel.getByLabel("disabled").selectOption("true");
    await page.getByText("no faults", { exact: true }).waitFor();
    await whole("table-edit-phone");
    await page.getByRole("button", { name: "Save 1 row" }).tap();
    await page.getByText("Saved 1 row").waitFor();
    expect(world.row("count")).toMatchObject({ disabled: true });
  });

  it("only shows where the server does not write", { timeout: 60_000 }, async () => {
    const page = await start(1, false);
    await page.getByText(/^Read only: this server/).waitFor();
    await page.getByText("stock/count").first().click();
    const panel = page.getByRole("complementary", { name: "Row stock/count" });
    await panel.waitFor();
    expect(await panel.locator(".cell-field").count()).toBe(0);
    expect(await page.getByRole("button", { name: "New row" }).count()).toBe(0);
    await whole("table-read-only");
  });
});
