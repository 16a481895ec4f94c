/** Banners that cannot be overlooked: bulk mode, a hole in what sources saw, drift that nobody heals, a store without writes. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sqliteSetting } from "../stores.ts";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { seedRetail } from "./lineage-estate.ts";
import { startLineageServer } from "./lineage-server.ts";
import { startPageServer } from "./page-server.ts";
import { day, runsWorld } from "./runs-world.ts";

const reason = noBrowser();
if (reason) console.log(`page banners: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("banners", () => {
  const setting = sqliteSetting();
  let browser: Browser;
  let open: Visit | undefined;
  let close: () => Promise<unknown> = async () => undefined;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(async () => {
    await open?.context.close();
    await close();
  });
  afterAll(async () => {
    await browser?.close();
    await setting.end();
  });
  const look = async (running: { url: string }, end: () => Promise<unknown>, at: number) => {
    close = end;
    open = await visit(browser, LOOKS[at] ?? LOOKS[0], running.url);
    open.page.setDefaultTimeout(20_000);
    return open.page;
  };
  const whole = async (name: string) => {
    if (!open) throw new Error("no page is open");
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
  };

  it("says on every view that the store takes no writes", { timeout: 60_000 }, async () => {
    const server = await startPageServer({ status: { storeReadOnly: true } });
    const page = await look(server, server.close, 3);
    for (const path of ["/jobs", "/runs", "/waves"]) {
      await page.goto(path);
      await page.getByRole("alert").getByText("The store takes no writes.").waitFor();
    }
    await whole("banner-store");
    server.world.status = {};
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    expect(await page.getByText("The store takes no writes.").count()).toBe(0);
  });

  it("says that drift stays while nobody heals it", { timeout: 60_000 }, async () => {
    const server = await startPageServer();
    const page = await look(server, server.close, 0);
    await page.goto("/jobs");
    await page.getByText(/changed in the workspace; healing is off/).waitFor();
    await whole("banner-drift");
    await page.getByRole("status").getByRole("link", { name: "Put it back" }).click();
    await page.getByRole("heading", { name: /^Plan for prod/ }).waitFor();
    await page.goto("/jobs?list=need_you");
    await page.getByText("gl_post").first().waitFor();
    expect(await page.getByText("healing is off here").count()).toBe(0);
  });

  it("says which process is in bulk mode", { timeout: 60_000 }, async () => {
    const world = await runsWorld(
      async (runs) => {
        await runs.registerProcess("FINANCE", "GL_DAILY", { owner: "Finance" });
        await runs.registerSequence({ sequenceId: 10, sequenceCode: "LOAD", sortOrder: 10 });
        const task = { workflowId: 1, taskId: 1, sequenceId: 10, name: "load" };
        await runs.registerTask("FINANCE", "GL_DAILY", task);
        await runs.generateExecutionSteps("e1", "FINANCE", "GL_DAILY", day(0));
        await runs.setProcessingMode({ projectCode: "FINANCE", processLoad: "GL_DAILY", mode: "bulk" });
      },
      `${day(0)}T00:00:00.000Z`,
    );
    const page = await look(world.server, world.close, 2);
    await page.goto("/runs");
    await page.getByText("1 process in bulk mode.").waitFor();
    await whole("banner-bulk");
    await page.getByRole("status").getByRole("link", { name: "FINANCE/GL_DAILY" }).click();
    await page.getByText("bulk mode").first().waitFor();
  });

  it("says in lists and waves where sources saw nothing", { timeout: 60_000 }, async () => {
    const server = await startLineageServer(setting, seedRetail);
    const page = await look(server, server.close, 1);
    await page.goto("/lineage");
    await page.getByText("What follows may lack edges.").waitFor();
    await whole("banner-coverage");
    await page.goto("/waves");
    await page.getByText("These waves may miss a dependency.").waitFor();
    await whole("banner-coverage-waves");
  });
});
