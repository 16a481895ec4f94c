/**
 * What the page's main thread works for a frame while the largest views are scrolled or panned, against a page of the
 * same height with nothing on it, in the same browser; and what it works until they are seen. In Chromium, headless.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { migrateStore, openStore } from "../src/store/open.ts";
import { LOOKS, type Look, launch, noBrowser, visit } from "../test/page/browser.ts";
import buildPage from "../test/page/build-page.ts";
import { workPerFrame } from "../test/page/frame-work.ts";
import { DAYS, seedHuge, TASKS } from "../test/page/huge-runs.ts";
import { seedLarge } from "../test/page/lineage-estate.ts";
import { startLineageServer } from "../test/page/lineage-server.ts";
import { startPageServer } from "../test/page/page-server.ts";
import { hugeFleet } from "../test/page/retail-fleet.ts";
import { day, runsWorld } from "../test/page/runs-world.ts";
import { type Headline, headline } from "./measure/headline.ts";

const FRAMES = 60;
const NODES = 10_000;
/** docs of the page: main-thread work a frame with the largest of each view, milliseconds. */
const BUDGET = 33;

const [WIDE, , , PHONE] = LOOKS;

interface Scene {
  name: string;
  url: string;
  path: string;
  look: Look;
  ready: (page: Page) => Promise<void>;
  step: string;
}

/** A page as high as the views are, with nothing on it. */
async function blank(browser: Browser, look: Look): Promise<number> {
  const context = await browser.newContext({ viewport: { width: look.width, height: look.height } });
  const page = await context.newPage();
  await page.setContent("<body style='margin:0'><div style='height:200000px;width:9000px'></div>");
  const work = await workPerFrame(page, FRAMES, "window.scrollTo(0, at * 120)");
  await context.close();
  return Math.max(work, 0.1);
}

async function measure(browser: Browser, scene: Scene): Promise<Headline> {
  const { page, context } = await visit(browser, scene.look, scene.url);
  page.setDefaultTimeout(120_000);
  await page.goto(scene.path);
  await scene.ready(page);
  const value = await workPerFrame(page, FRAMES, scene.step);
  await context.close();
  const baseline = await blank(browser, scene.look);
  return headline({ name: scene.name, value, unit: "ms a frame", baseline, baselineName: "blank page", limit: BUDGET });
}

const first =
  (selector: string, at = 5) =>
  (page: Page) =>
    page.locator(selector).nth(at).waitFor({ state: "attached" });

/** Drags the map by as much a frame as a hand does. */
const PAN = `const box = document.querySelector(".lin-map");
  const at0 = box.getBoundingClientRect();
  const send = (type, x, y) => box.firstElementChild.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, button: 0, clientX: at0.left + x, clientY: at0.top + y }));
  if (at === 0) send("pointerdown", 300, 200);
  send("pointermove", 300 + at * 8, 200 + at * 4);`;

/** Milliseconds of the main thread for a frame, scene by scene. */
export async function run(): Promise<Headline[]> {
  const reason = noBrowser();
  if (reason !== undefined) {
    console.error(`page: skipped, ${reason}`);
    return [];
  }
  buildPage();
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-page-bench-"));
  const file = { kind: "sqlite" as const, path: path.join(folder, "state.db") };
  await migrateStore(file);
  const store = await openStore(file);
  const browser = await launch();
  const runs = await runsWorld(seedHuge, `${day(0)}T00:00:00.000Z`);
  const jobs = await startPageServer({ fleet: hugeFleet() });
  const lineage = await startLineageServer({ open: async () => store }, (into) => seedLarge(into, NODES));
  const grid = `/runs?days=${DAYS}&open=RETAIL/EVERYTHING`;
  const scenes: Scene[] = [];
  for (const [look, size] of [
    [WIDE, "1440"],
    [PHONE, "390"],
  ] as const) {
    const of = { url: runs.server.url, path: grid, look, ready: first("li.days") };
    const box = "document.querySelector('.grid-box')";
    scenes.push(
      { ...of, name: `grid ${DAYS}x${TASKS} down ${size}`, step: `${box}.scrollTop = at * 90` },
      { ...of, name: `grid ${DAYS}x${TASKS} aside ${size}`, step: `${box}.scrollLeft = 9000 - at * 120` },
      {
        ...{ name: `run of ${TASKS} tasks ${size}`, url: runs.server.url, look, ready: first(".tk", TASKS - 1) },
        ...{ path: `/runs/RETAIL/EVERYTHING/${day(0)}`, step: "window.scrollTo(0, at * 120)" },
      },
      {
        ...{ name: `list of 10000 jobs ${size}`, url: jobs.url, look, ready: first("tr[data-resource]") },
        ...{ path: "/jobs", step: "window.scrollTo(0, at * 180)" },
      },
      {
        ...{ name: `map of ${NODES} nodes ${size}`, url: lineage.url, look, ready: first("[data-placed=true]", 0) },
        ...{ path: "/lineage?view=map", step: PAN },
      },
    );
  }
  const found: Headline[] = [];
  try {
    for (const scene of scenes) found.push(await measure(browser, scene));
  } finally {
    await browser.close();
    await Promise.all([runs.close(), jobs.close(), lineage.close()]);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}
