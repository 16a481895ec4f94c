/** Loading, empty, failed and signed out, and getting out of them. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LOOKS, launch, noBrowser, shot, type Visit, visit } from "./browser.ts";
import { axeFindings, layoutBreaks } from "./inspect.ts";
import { type PageServer, startPageServer, type World } from "./page-server.ts";
import { fleetOf, RETAIL_ROWS } from "./retail-fleet.ts";

const reason = noBrowser();
if (reason) console.log(`page states: skipped, ${reason}`);

describe.skipIf(reason !== undefined)("states of the page", () => {
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
  const start = async (world: Partial<World>, look = 0) => {
    server = await startPageServer(world);
    open = await visit(browser, LOOKS[look] ?? LOOKS[0], server.url);
    return open.page;
  };
  const whole = async (name: string) => {
    await shot(open.page, name);
    expect([...(await layoutBreaks(open.page)), ...(await axeFindings(open.page))]).toEqual([]);
  };

  it("draws the frame at once and rows of the right height while it waits", async () => {
    const page = await start({ slow: 1_500 });
    await page.goto("/jobs");
    await page.getByRole("status", { name: "Loading" }).waitFor();
    await page.getByRole("heading", { name: "Jobs" }).waitFor();
    await whole("jobs-loading-wide-light");
    await page.getByText("gl_post").first().waitFor();
  });

  it("says what failed, with its code and what still works, and tries again", async () => {
    const page = await start({
      failing: {
        status: 503,
        code: "unavailable",
        title: "The workspace does not answer",
        detail: "GET /api/2.2/jobs/list: 503 after 4 tries",
        hint: "Look at the service's status page.",
      },
    });
    await page.goto("/jobs");
    await page.getByText("The jobs could not be read").waitFor({ timeout: 15_000 });
    expect(await page.getByText("unavailable", { exact: true }).count()).toBe(1);
    expect(await page.getByText("Look at the service's status page.").count()).toBe(1);
    await whole("jobs-failed-wide-light");
    server.world.failing = null;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("gl_post").first().waitFor();
  });

  it("helps where nothing is declared yet", async () => {
    const page = await start({ fleet: fleetOf([], { problems: [] }) }, 2);
    await page.goto("/jobs");
    await page.getByText("No job is declared yet.").waitFor();
    await page.getByRole("button", { name: "Copy headgate jobs adopt --all" }).first().click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("headgate jobs adopt --all");
    await whole("jobs-empty-phone-light");
  });

  it("says when nothing needs anybody and nothing differs", async () => {
    const calm = RETAIL_ROWS.filter((row) => row.verdict.state === "ok" && row.difference.kind === "same");
    const page = await start({ fleet: fleetOf(calm, { problems: [] }) });
    await page.goto("/jobs?list=need_you");
    await page.getByText("Nothing needs you.").waitFor();
    await page.getByRole("link", { name: /^Differ/ }).click();
    await page.getByText("Every job in the workspace is as declared.").waitFor();
  });

  it("asks to sign in for what needs it, refuses a wrong token, and goes on with a right one", async () => {
    const page = await start({ signedIn: false });
    await page.goto("/jobs");
    await page.getByText("gl_post").first().waitFor();
    await page.getByRole("link", { name: "Review plan" }).click();
    await page.getByText("The plan could not be made").waitFor();
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByLabel("Token").fill("bad");
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await page.getByText("It may be revoked.").waitFor();
    await shot(page, "sign-in-wide-light");
    await page.getByLabel("Token").fill("good");
    await page.getByRole("dialog").getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: /5 jobs change/ }).waitFor();
  });

  it("does not offer to apply where the server does not", async () => {
    const page = await start({ status: { apply: false } });
    await page.goto("/plans/new");
    await page.getByText("This server does not apply").waitFor();
    await page.getByRole("button", { name: /^Apply/ }).click({ force: true });
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("applies once, however quickly it is told twice", async () => {
    const page = await start({});
    await page.goto("/plans/new");
    await page.getByRole("button", { name: "Leave this job" }).click();
    await page.getByRole("button", { name: /^Apply 3/ }).click();
    const sure = page.getByRole("dialog").getByRole("button", { name: /^Apply 3/ });
    await sure.evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });
    await page.getByText("Applied.").waitFor();
    expect(server.writes.filter(({ path }) => path.endsWith("/apply"))).toHaveLength(1);
  });

  it("copies a plan as Markdown", async () => {
    const page = await start({});
    await page.goto("/plans/new");
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain("## Plan for prod: 5 jobs change");
    expect(text).toContain("| ~ | `tasks[load_orders].max_retries` | `0` | `2` | declared |");
    expect(text).toContain("1 run live · next start Sat 21 Nov 02:30 London");
  });

  it("remembers the theme, and sets it before the first picture", async () => {
    const page = await start({});
    await page.goto("/jobs");
    await page.getByRole("button", { name: "Dark", exact: true }).click();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await expect.poll(background).toBe("rgb(15, 17, 21)");
    await page.reload({ waitUntil: "domcontentloaded" });
    expect(await background()).toBe("rgb(15, 17, 21)");
    await page.getByRole("button", { name: "Auto", exact: true }).click();
    await expect.poll(background).toBe("rgb(255, 255, 255)");
  });
});
