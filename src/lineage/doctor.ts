/** Recognises line by line what a log is made of: pure. */
import type { LogDialect } from "../model/log-diagnosis.ts";
import { isObject, type Json } from "../util/json.ts";

const FIRST = 10;

/** Collects what lines are. */
export interface LineCounter {
  line(text: string): void;
  end(): {
    lines: number;
    dialects: { dialect: LogDialect; lines: number }[];
    bad: { count: number; first: { line: number; why: string }[] };
  };
}

/** What a JSON value on a line is. */
function dialectOf(value: Json): LogDialect {
  if (!isObject(value)) return "json of another kind";
  if (Array.isArray(value.records)) return "azure records";
  if (typeof value.operationName === "string" && ("uri" in value || "properties" in value)) return "azure storage log";
  if (Array.isArray(value.events)) return "cloudwatch answer";
  const { run, job } = value;
  const isEvent = isObject(job) && typeof job.name === "string" && typeof value.eventTime === "string";
  return isEvent && (isObject(run) || "schemaURL" in value) ? "openlineage events" : "json of another kind";
}

/** A line that is JSON by its beginning: text in brackets (`[INFO] …`, `{dag} …`) is none. */
const beginsAsJson = (text: string): boolean => /^\s*\{\s*"/.test(text);

/** Opens a counter. */
export function countLines(): LineCounter {
  const dialects = new Map<LogDialect, number>();
  const bad: { count: number; first: { line: number; why: string }[] } = { count: 0, first: [] };
  let lines = 0;
  const found = (dialect: LogDialect): void => void dialects.set(dialect, (dialects.get(dialect) ?? 0) + 1);
  return {
    line(text) {
      lines += 1;
      if (text.trim() === "") return;
      if (!beginsAsJson(text)) {
        found("plain text");
        return;
      }
      try {
        found(dialectOf(JSON.parse(text) as Json));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        bad.count += 1;
        const why = text.trimEnd().endsWith("}") ? "no valid JSON" : "cut off before its end";
        if (bad.first.length < FIRST) bad.first.push({ line: lines, why });
      }
    },
    end: () => ({
      lines,
      dialects: [...dialects].map(([dialect, count]) => ({ dialect, lines: count })).sort((a, b) => b.lines - a.lines),
      bad,
    }),
  };
}
