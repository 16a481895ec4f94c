/** The look as one HTML file that asks nobody for anything: no script, no font, no picture from elsewhere. */
import type { LookJob, LookReport } from "../../jobs/room.ts";
import { formatDuration } from "../../util/duration.ts";
import { lastFailure, managersText, scheduleText } from "./look.ts";
import { runMarks } from "./marks.ts";
import { safe } from "./safe.ts";
import { longTime } from "./time.ts";
import { count } from "./value.ts";

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for an element or a quoted attribute. */
function html(text: string): string {
  return safe(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A link, only where the address is one of the web: a job's name must not become a `javascript:` address. */
function link(url: string | null, text: string): string {
  return url !== null && /^https?:\/\//i.test(url)
    ? `<a href="${html(url)}" rel="noreferrer noopener">${html(text)}</a>`
    : html(text);
}

function runSquares(job: LookJob, timezone: string): string {
  return job.runs
    .map((run) => {
      const at = run.startedAt === null ? "not started" : `${longTime(run.startedAt, timezone)} ${timezone}`;
      const took = run.durationMs > 0 ? `, ${formatDuration(run.durationMs)}` : "";
      const title = `${run.state} ${at}${took}${run.why === null ? "" : `: ${run.why}`}`;
      const mark = `<span class="run ${/^[a-z]+$/.test(run.state) ? run.state : "unknown"}" title="${html(title)}">${runMarks([run])}</span>`;
      return run.url !== null && /^https?:\/\//i.test(run.url)
        ? `<a href="${html(run.url)}" rel="noreferrer noopener" aria-label="${html(title)}">${mark}</a>`
        : mark;
    })
    .join("");
}

function row(job: LookJob, timezone: string): string {
  const failure = lastFailure(job);
  const why =
    failure === undefined ? "" : `<div class="why">${html(failure.why ?? "the run failed without a message")}</div>`;
  const next = job.nextStarts.map((at) => html(`${longTime(at, timezone)}`)).join("<br>");
  return [
    `<tr${failure === undefined ? "" : ' class="red"'}>`,
    `<td>${link(job.url, job.name)}${why}</td>`,
    `<td class="id">${html(job.jobId)}</td>`,
    `<td class="runs">${runSquares(job, timezone)}</td>`,
    `<td>${html(job.managedBy)}</td>`,
    `<td>${html(job.owner ?? "")}</td>`,
    `<td>${html(scheduleText(job))}${job.schedule?.timezone ? `<div class="faint">${html(job.schedule.timezone)}</div>` : ""}</td>`,
    `<td>${next}</td>`,
    `<td class="number">${job.tasks}</td>`,
    "</tr>",
  ].join("");
}

const CSS = `
:root { color-scheme: light dark; --text: #1b1f24; --faint: #5f6773; --line: #e3e6ea; --page: #ffffff; --bad: #bd2f2b; --good: #17734a; --run: #1a60d2; --link: #4b4fd0 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ee; --faint: #9aa4b2; --line: #2c323a; --page: #14171b; --bad: #ff7b72; --good: #4ac28a; --run: #6cb0ff; --link: #a3a6ff } }
body { margin: 24px; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif }
h1 { font-size: 20px; margin: 0 0 4px } p { margin: 0 0 16px; color: var(--faint) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: 13px }
th { text-align: left; color: var(--faint); font-weight: 600 } th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top }
a { color: var(--link) } .id, .runs { font-family: ui-monospace, monospace; white-space: nowrap } .number { text-align: right; font-variant-numeric: tabular-nums }
.runs a { text-decoration: none } .faint { color: var(--faint); font-size: 12px } .why { color: var(--bad); font-size: 12px; max-width: 60ch; overflow-wrap: anywhere }
.run { display: inline-block; width: 1.2em; text-align: center; color: var(--faint) } .run.done { color: var(--good) } .run.failed { color: var(--bad) } .run.running { color: var(--run) }
`;

/** The whole file. Times in `timezone`. */
export function lookHtml(report: LookReport, timezone: string): string {
  const { summary } = report;
  const managers = managersText(report);
  const sum = `${count(summary.jobs, "job")}, ${summary.paused} paused, ${summary.failing} failing${managers === "" ? "" : `; ${managers}`}`;
  const titles = ["Job", "Id", "Last runs", "Managed by", "Owner", "Schedule", `Next starts (${timezone})`, "Tasks"];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
    `<title>${html(`Jobs of ${report.host}`)}</title><style>${CSS}</style></head><body>`,
    `<h1>${html(`Jobs of ${report.host}`)}</h1>`,
    `<p>${html(sum)}.<br>Workspace ${html(report.workspaceId)} as ${html(report.me)} sees it, ${html(`${longTime(report.at, timezone)} ${timezone}`)}.</p>`,
    `<div class="wide" tabindex="0" role="region" aria-label="Jobs"><table><thead><tr>${titles.map((title) => `<th scope="col">${html(title)}</th>`).join("")}</tr></thead><tbody>`,
    ...report.jobs.map((job) => row(job, timezone)),
    "</tbody></table></div></body></html>",
    "",
  ].join("\n");
}
