/** What is looked for in every view: overflow, cut words, findings of axe. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Layout breaks: the page is wider than the window, or a word is cut where nothing says so. */
export function layoutBreaks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`page is ${root.scrollWidth} wide in ${root.clientWidth}`);
    const named = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${(element.textContent ?? "").trim().slice(0, 40)}"`;
    for (const element of document.querySelectorAll<HTMLElement>("body *")) {
      const style = getComputedStyle(element);
      if (style.visibility === "hidden" || style.display === "none" || element.closest(".vh, .skip-link, svg, [inert]"))
        continue;
      const box = element.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      const scrolled = element.closest(
        ".graph-in, .small-graph-in, .yaml-in, .tabs, .task-scroll, .finder-list, .grid-box, .board",
      );
      if (!scrolled && (box.right > root.clientWidth + 1 || box.left < -1)) found.push(`outside: ${named(element)}`);
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "");
      const cuts = ["hidden", "clip"].includes(style.overflowX) && style.textOverflow !== "ellipsis";
      if (own && cuts && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${named(element)}`);
      if (own && Number.parseFloat(style.fontSize) < 12) found.push(`below 12 px: ${named(element)}`);
    }
    return found;
  });
}

/** Serious and critical findings of axe-core. */
export async function axeFindings(page: Page): Promise<string[]> {
  // Run as the browser's own tools run: the page's policy forbids added scripts.
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (root: Document, options: object) => Promise<{ violations: Finding[] }> };
    };
    interface Finding {
      id: string;
      impact: string | null;
      nodes: { target: string[]; failureSummary?: string }[];
    }
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter((finding) => finding.impact === "serious" || finding.impact === "critical")
      .flatMap((finding) =>
        finding.nodes.slice(0, 3).map((node) => `${finding.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`),
      );
  });
}
