/** How often a task is due: once a day, ISO week, month or year, or only when it is asked for. Days are texts `2026-11-21`. */

const DAY = 86_400_000;
const at = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10);

/** The period of a day in which a task of a frequency is due once; undefined where it is due every day, or never by itself. */
export function periodOf(frequency: string, day: string): { from: string; to: string } | undefined {
  const [year = "", month = ""] = day.split("-");
  switch (frequency) {
    case "W": {
      const monday = at(day) - ((new Date(at(day)).getUTCDay() + 6) % 7) * DAY;
      return { from: dayOf(monday), to: dayOf(monday + 6 * DAY) };
    }
    case "M":
      return { from: `${year}-${month}-01`, to: dayOf(Date.UTC(Number(year), Number(month), 0)) };
    case "Y":
      return { from: `${year}-01-01`, to: `${year}-12-31` };
    default:
      return undefined;
  }
}

/** What a file of a day is called: mask, `_yyyyMMdd` (D), `_yyyyMM` (M) or `_yyyy` (Y), extension; null without a mask. */
export function fileNameOf(
  task: { fileNameMask: string | null; fileExtension: string | null; loadFrequency: string },
  day: string,
): string | null {
  if (!task.fileNameMask) return null;
  const length = { D: 8, M: 6, Y: 4 }[task.loadFrequency];
  const suffix = length === undefined ? "" : `_${day.replaceAll("-", "").slice(0, length)}`;
  return `${task.fileNameMask}${suffix}${task.fileExtension ?? ""}`;
}
