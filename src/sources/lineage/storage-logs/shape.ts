/** Recognises by its beginning in which form an access log of Azure storage lies in a file: pure. */

/**
 * `lines`: records as Azure Monitor writes them, one a line, as the engine reads them. All others are rewritten to it:
 * `objects`: the records somewhere in JSON (a list, `{"records": […]}`, over several lines); `object lines`: JSON lines
 * of another kind (Log Analytics, several records a line, another encoding); `csv`: Log Analytics; `classic`: Storage
 * Analytics (`$logs`).
 */
export type LogShape = "lines" | "objects" | "object lines" | "csv" | "classic";

/** What a beginning tells. */
export type Judged = { shape: LogShape } | { why: string };

const OPERATION = /"operationName"\s*:/i;
/** A nested record with the very names the engine asks for. */
const AS_MONITOR = /^\{.*"operationName"\s*:.*\}?$/;
const TEXT_PROPERTIES = /"properties"\s*:\s*"/;
const FLAT = /"OperationName"\s*:/;
const TIME = /"time"\s*:\s*"([^"]*)"/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?$/;

/** AWS: the fields of an S3 server access log begin with the bucket's owner, the bucket and a time in brackets. */
const S3_ACCESS = /^[0-9a-f]{64} \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] /;

/** What this is instead, where that can be told. */
function otherKind(start: string): string {
  if (/"eventSource"\s*:\s*"s3\.amazonaws\.com"/.test(start)) return "an AWS CloudTrail log, not one of Azure storage";
  if (S3_ACCESS.test(start)) return "an S3 server access log, not one of Azure storage";
  if (start.startsWith("PAR1")) return "Parquet: export the log as JSON lines or CSV";
  return "not an access log of Azure storage";
}

/** Whether a header names what a Log Analytics export of StorageBlobLogs has. */
function isCsvHeader(line: string): boolean {
  const names = line.split(",").map((name) => name.trim().replace(/^"|"$/g, "").toLowerCase());
  return names.includes("operationname") && names.includes("uri");
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** The shape of JSON that holds operations. */
function jsonShape(lines: readonly string[], isPlainText: boolean): LogShape {
  // the last line may be cut by the end of the head, so only what ends in a line feed must be whole
  const whole = lines.slice(0, -1).filter((line) => line.trimStart().startsWith("{"));
  const first = whole.find(isJson) ?? (lines.length === 1 ? lines[0] : undefined);
  const start = lines[0]?.trimStart() ?? "";
  if (first === undefined || start.startsWith("[")) return "objects";
  if (/^\s*\{\s*"records"\s*:/.test(first)) return isJson(first) ? "object lines" : "objects";
  const time = TIME.exec(first)?.[1];
  const asMonitor = AS_MONITOR.test(first) && !FLAT.test(first) && !TEXT_PROPERTIES.test(first);
  if (asMonitor && isPlainText && (time === undefined || ISO.test(time))) return "lines";
  return "object lines";
}

/**
 * Judges a file by its beginning.
 * @param head decompressed and decoded, without a byte order mark
 * @param isPlainText whether the engine can read the file's bytes as they are: UTF-8 without a mark, compressed as its
 * name says
 */
export function judgeShape(head: string, isPlainText: boolean): Judged {
  const start = head.trimStart();
  if (start === "") return { why: "it holds only blank lines" };
  const lines = head.split(/\r?\n/);
  const first = start.split(/\r?\n/, 1)[0] ?? "";
  if (/^[12]\.0;\d{4}-\d\d-\d\dT[^;]*;[A-Za-z]+;/.test(first)) return { shape: "classic" };
  if (isCsvHeader(first)) return { shape: "csv" };
  const isJsonLog = OPERATION.test(start) && lines.some((line) => /^\s*[[{]/.test(line));
  if (!isJsonLog || S3_ACCESS.test(start)) return { why: otherKind(start) };
  return { shape: jsonShape(lines, isPlainText) };
}
