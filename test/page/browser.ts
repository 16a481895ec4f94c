/** A browser for the tests of the page: Chromium, one theme and size at a time, everything it complains of kept. */
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { NOW } from "./retail-fleet.ts";

/** Times the page's own thread is slowed down: a race that a quick machine hides shows at 6 or 10. */
const SLOW = Number(process.env.HEADGATE_SLOW ?? 1);
const CHROMIUM = process.env.HEADGATE_CHROMIUM ?? "/usr/bin/chromium";

/** Why there is no browser here, or undefined where there is one. */
export function noBrowser(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  return `no Chromium at ${CHROMIUM} (HEADGATE_CHROMIUM names another place)`;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Sizes and themes every view is looked at in. */
export const LOOKS = [
  { name: "wide-light", width: 1440, height: 900, theme: "light" },
  { name: "wide-dark", width: 1440, height: 900, theme: "dark" },
  { name: "phone-light", width: 390, height: 844, theme: "light" },
  { name: "phone-dark", width: 390, height: 844, theme: "dark" },
] as const;
export type Look = { name: string; width: number; height: number; theme: "light" | "dark" };

/** An open page and what went wrong in it. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  /** Console errors, page errors and failed requests. */
  complaints: string[];
  /** Requests to other hosts. */
  strangers: string[];
}

/** Opens an empty page with its clock at the fixtures' moment; timers run on. */
export async function visit(browser: Browser, look: Look, base: string, ownClock = false): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    colorScheme: look.theme,
    deviceScaleFactor: look.width < 640 ? 2 : 1,
    hasTouch: look.width < 640,
    reducedMotion: "reduce",
    baseURL: base,
    timezoneId: "UTC",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  if (SLOW > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: SLOW });
  if (!ownClock) await page.clock.setFixedTime(NOW);
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== new URL(base).origin) strangers.push(request.url());
  });
  return { page, context, complaints, strangers };
}

let folder: string | undefined;

/** Takes a picture into HEADGATE_SHOTS, or a new temporary folder. */
export async function shot(page: Page, name: string): Promise<void> {
  folder ??= process.env.HEADGATE_SHOTS ?? mkdtempSync(path.join(tmpdir(), "headgate-shots-"));
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}
