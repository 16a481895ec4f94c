/** Recognises line by line what a log is made of: pure. */
import type { LogDialect } from "../model/log-diagnosis.ts";
import { isObject, type Json } from "../util/json.ts";

const FIRST = 10;

/** Collects what lines are. */
export interface LineCounter {
  line(text: string): void;
  /** The file ends before its end. */
  cut(why: string): void;
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
  if (typeof value.eventSource === "string" && "eventVersion" in value) return "cloudtrail log";
  if (Array.isArray(value.Records)) return "cloudtrail log";
  if (typeof value.OperationName === "string" && "Uri" in value) return "log analytics";
  if (typeof value.operationName === "string" && ("uri" in value || "properties" in value)) return "azure storage log";
  if (Array.isArray(value.events)) return "cloudwatch answer";
  const { run, job } = value;
  const isEvent = isObject(job) && typeof job.name === "string" && typeof value.eventTime === "string";
  return isEvent && (isObject(run) || "schemaURL" in value) ? "openlineage events" : "json of another kind";
}

/** The beginning of a line of S3's server access log: owner, bucket, time in brackets (Amazon S3 User Guide). */
const S3_LINE = /^[0-9a-f]{64} \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/;
/** The beginning of a line of the classic log: version, time, operation (Storage Analytics log format). */
const CLASSIC_LINE = /^[12]\.0;\d{4}-\d\d-\d\dT[^;]*;[A-Za-z]+;/;

function textDialect(text: string): LogDialect {
  if (CLASSIC_LINE.test(text)) return "classic storage log";
  return S3_LINE.test(text) ? "s3 access log" : "plain text";
}

/** A line that is JSON by its beginning: text in brackets (`[INFO] …`, `{dag} …`) is none. */
const beginsAsJson = (text: string): boolean => /^\s*\{\s*"/.test(text);

/** Opens a counter. */
export function countLines(): LineCounter {
  const dialects = new Map<LogDialect, number>();
  const bad: { count: number; first: { line: number; why: string }[] } = { count: 0, first: [] };
  let lines = 0;
  const isBad = (line: number, why: string): void => {
    bad.count += 1;
    if (bad.first.length < FIRST) bad.first.push({ line, why });
  };
  const found = (dialect: LogDialect): void => void dialects.set(dialect, (dialects.get(dialect) ?? 0) + 1);
  return {
    line(text) {
      lines += 1;
      if (text.trim() === "") return;
      if (!beginsAsJson(text)) {
        found(textDialect(text));
        return;
      }
      try {
        found(dialectOf(JSON.parse(text) as Json));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        isBad(lines, text.trimEnd().endsWith("}") ? "no valid JSON" : "cut off before its end");
      }
    },
    cut: (why) => isBad(lines + 1, why),
    end: () => ({
      lines,
      dialects: [...dialects].map(([dialect, count]) => ({ dialect, lines: count })).sort((a, b) => b.lines - a.lines),
      bad,
    }),
  };
}
