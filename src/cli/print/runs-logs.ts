/** Lines of ETLsysLogs. */
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { longTime } from "./time.ts";

/** A line as it is shown. */
export interface LogLine {
  level: number;
  logTime: string;
  sourceType: string | null;
  pipelineName: string | null;
  activityName: string | null;
  message: string;
}

const LEVELS: readonly [string, Tone][] = [
  ["DEBUG", "faint"],
  ["INFO", "faint"],
  ["WARN", "warn"],
  ["ERROR", "bad"],
];

/** The lines as text. */
export function logsText(style: Style, items: readonly LogLine[]): string {
  if (items.length === 0) return "no log lines";
  const lines = items.map(({ level, logTime, sourceType, pipelineName, activityName, message }) => {
    const [word, tone] = LEVELS[level] ?? ["INFO", "faint"];
    const from = [sourceType, pipelineName, activityName].filter((part) => part !== null).join(" ");
    const at = `${longTime(logTime, style.timezone)} ${style.timezone}`;
    return `${at}  ${paint(style, tone, word.padEnd(5))}  ${safe(from)}${from === "" ? "" : ": "}${safe(message)}`;
  });
  return lines.join("\n");
}
