/** Every view in both sizes and themes: no errors, no other host, no findings of axe, nothing cut or overflowing. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

const reason = noBrowser();
if (reason) console.log(`page views: skipped, ${reason}`);

/** Views by name, with the words that show it is there. */
const VIEWS: [name: string, path: string, words: string][] = [
  ["jobs", "/jobs", "gl_post"],
  ["jobs-selected", "/jobs?sel=nightly_sales", "gl_post"],
  ["jobs-need-you", "/jobs?list=need_you", "gl_post"],
  ["jobs-filtered", "/jobs?verdict=ok&tag=ingest", "ingest_erp"],
  ["jobs-nothing-fits", "/jobs?q=zzz", "No job fits these filters"],
  ["job", "/jobs/nightly_sales", "load_orders"],
  ["job-task", "/jobs/nightly_sales?task=load_orders", "Waits for"],
  ["job-list", "/jobs/nightly_sales?view=list", "load_orders"],
  ["job-text", "/jobs/nightly_sales?view=text", "quartz_cron_expression"],
  ["job-plan", "/jobs/nightly_sales/plan", "max_retries"],
  ["job-plan-same", "/jobs/ingest_erp/plan", "As declared"],
  ["job-plan-new", "/jobs/gl_export/plan", "gl export"],
  ["job-runs", "/jobs/inventory_snapshot/runs", "Failed"],
  ["job-history", "/jobs/nightly_sales/history", "marek@example.com"],
  ["job-history-empty", "/jobs/gl_export/history", "Nothing has been applied"],
  ["job-unknown", "/jobs/nothing", "could not be read"],
  ["plan", "/plans/new", "5 jobs change"],
  ["runs", "/runs", "No process is registered"],
  ["lineage", "/lineage", "No lineage has been ingested yet"],
  ["lineage-map", "/lineage?view=map", "No lineage has been ingested yet"],
  ["waves", "/waves", "No data movement is known yet"],
  ["not-found", "/nowhere", "There is nothing at"],
];
/** What the browser itself says of an answer that is an error. */
const EXPECTED = /Failed to load resource: the server responded with a status of 404/;

describe.skipIf(reason !== undefined).concurrent("views of the page", () => {
  let browser: Browser;
  let server: PageServer;
  beforeAll(async () => {
    server = await startPageServer();
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  for (const look of LOOKS)
    it(`are whole in ${look.name}`, { timeout: 180_000 }, async () => {
      const { page, context, complaints, strangers } = await visit(browser, look, server.url);
      const found: string[] = [];
      for (const [name, path, words] of VIEWS) {
        await page.goto(path);
        await page.getByText(words).filter({ visible: true }).first().waitFor();
        await page.evaluate(() => document.fonts.ready);
        await shot(page, `${name}-${look.name}`);
        for (const line of [...(await layoutBreaks(page)), ...(await axeFindings(page))])
          found.push(`${name}: ${line}`);
      }
      await context.close();
      expect(found.join("\n")).toBe("");
      expect(complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
      expect(strangers).toEqual([]);
    });
});
