/** Evidence in words: amounts, days, what an attribution means. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A number with thin thousands and its noun: `1 file`, `12,400 files`. */
export function counted(number: number, noun: string): string {
  return `${String(Math.round(number)).replace(/\B(?=(\d{3})+(?!\d))/g, ",")} ${noun}${number === 1 ? "" : "s"}`;
}

/** `70 MB`, `1.4 TB`: decimal, as storage is billed. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${value < 10 && unit > 0 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** `3 Nov`, of another year than `at` `3 Nov 2025`. Both begin like `2026-11-03`. */
export function dayText(day: string, at: string): string {
  const [year = "", month = "", date = ""] = day.slice(0, 10).split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]}${at.startsWith(year) ? "" : ` ${year}`}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** What an amount is made of. */
export interface Amounts {
  requests: number;
  files: number;
  bytes: number;
  commits: number;
  runs: number;
  firstAt: string;
}

/** `14 files, 70 MB in 6 runs since 3 Nov`; whatever is zero is left out. */
export function amountText(seen: Amounts, at: string): string {
  const parts: string[] = [];
  if (seen.files > 0) parts.push(counted(seen.files, "file"));
  if (seen.bytes > 0) parts.push(bytesText(seen.bytes));
  if (seen.commits > 0) parts.push(counted(seen.commits, "commit"));
  if (parts.length === 0) parts.push(counted(seen.requests, "sighting"));
  const runs = seen.runs > 0 ? ` in ${counted(seen.runs, "run")}` : "";
  return `${parts.join(", ")}${runs} since ${dayText(seen.firstAt, at)}`;
}

/** What an attribution means, as the second half of a sentence; "" where there is nothing to say. */
export function attributionText(attribution: string, isLog: boolean): string {
  switch (attribution) {
    case "exclusive":
      return isLog ? "the cluster was used by no other run" : "the source itself names the job";
    case "window":
      return "of all tasks on the cluster only this one ran at that time";
    case "ambiguous":
      return "several jobs fit, and this is one of them";
    case "inferred":
      return "the job was told by the name or start of its cluster, no run names the cluster";
    case "none":
      return "nothing names the job";
    default:
      return "";
  }
}
