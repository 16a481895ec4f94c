/** A record of an access log in any of its forms, as the one line that the engine reads: pure. */
import { isObject } from "../../../util/json.ts";

/** A line of the engine's log for something that was no record: it is counted as unreadable. */
export const UNREADABLE_LINE = "{";

const UTC = /^(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|\+00:?00)?$/i;
const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}):(\d\d):(\d\d)(\.\d+)? ?([AP]M)?$/i;

/** UTC text of a time as logs and exports write it (Log Analytics exports UTC); undefined for what is none. */
export function timeOf(value: unknown): string | undefined {
  if (typeof value === "number") return new Date(value).toISOString();
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  const utc = UTC.exec(text);
  if (utc !== null) return `${utc.slice(1, 4).join("-")}T${utc[4]}Z`;
  const us = US.exec(text);
  if (us !== null) {
    const [, month = "", day = "", year = "", hour = "", minute, second, fraction = "", half] = us;
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
    const two = (part: string | number): string => String(part).padStart(2, "0");
    return `${year}-${two(month)}-${two(day)}T${two(hours)}:${minute}:${second}${fraction}Z`;
  }
  const parsed = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(parsed) ? undefined : new Date(parsed).toISOString();
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

function bytes(value: unknown): number | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? Math.trunc(number) : undefined;
}

/** Fields by their names in lower case: the forms differ in case, CSV adds ` [UTC]`. */
const byName = (fields: object): Map<string, unknown> =>
  new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase().replace(/ \[utc\]$/, ""), value]));

function nested(value: unknown): object {
  if (isObject(value)) return value;
  if (typeof value !== "string" || !value.startsWith("{")) return {};
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/**
 * The engine's line for one record: nested as Azure Monitor writes it (also with `properties` as text), or flat as
 * table StorageBlobLogs has it (Azure Monitor Logs reference).
 */
export function lineOfRecord(record: unknown): string {
  if (!isObject(record)) return UNREADABLE_LINE;
  const fields = byName(record);
  const inside = byName(nested(record.properties));
  const field = (...names: string[]): unknown =>
    names.map((name) => inside.get(name) ?? fields.get(name)).find((value) => value !== undefined && value !== null);
  const time = timeOf(field("time", "timegenerated"));
  const operationName = text(field("operationname"));
  const uri = text(field("uri", "requesturl"));
  if (time === undefined || !operationName || !uri) return UNREADABLE_LINE;
  return JSON.stringify({
    time,
    category: text(field("category")) ?? "",
    operationName,
    statusCode: text(field("statuscode")) ?? "",
    uri,
    callerIpAddress: text(field("calleripaddress")),
    properties: {
      clientRequestId: text(field("clientrequestid")),
      userAgentHeader: text(field("useragentheader")),
      requestBodySize: bytes(field("requestbodysize")),
      responseBodySize: bytes(field("responsebodysize")),
      contentLengthHeader: bytes(field("contentlengthheader")),
    },
  });
}

/** The lines for a JSON value: a record, a list of them, or `{"records": […]}` (Event Hubs). */
export function linesOfValue(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(linesOfValue);
  if (isObject(value) && Array.isArray(value.records)) return value.records.flatMap(linesOfValue);
  return [lineOfRecord(value)];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", quot: '"', lt: "<", gt: ">", apos: "'" };
const unescapeHtml = (value: string): string =>
  value.replace(/&(amp|quot|lt|gt|apos);/g, (_, name) => ENTITIES[name] ?? "");

/** Categories that the classic log does not name, by what the operation does. */
function categoryOf(operation: string): string {
  if (/^(Delete)/.test(operation)) return "StorageDelete";
  return /^(Get|List|Read|Query)/.test(operation) ? "StorageRead" : "StorageWrite";
}

/** Positions in a line of the classic log (Storage Analytics log format 1.0 and 2.0). */
const CLASSIC = {
  time: 1,
  operation: 2,
  status: 4,
  uri: 11,
  caller: 15,
  sent: 18,
  answered: 20,
  length: 21,
  agent: 27,
  client: 29,
};

/** The engine's line for a line of the classic log: fields parted by semicolons, some in quotes, HTML-escaped. */
export function lineOfClassic(line: string): string {
  const fields = [...line.matchAll(/(?:^|;)(?:"([^"]*)"|([^;]*))/g)].map(([, quoted, bare]) =>
    unescapeHtml(quoted ?? bare ?? ""),
  );
  if (!/^[12]\.0$/.test(fields[0] ?? "") || fields.length < 30) return UNREADABLE_LINE;
  const operation = fields[CLASSIC.operation] ?? "";
  return lineOfRecord({
    time: fields[CLASSIC.time],
    category: categoryOf(operation),
    operationName: operation,
    statusCode: fields[CLASSIC.status],
    uri: fields[CLASSIC.uri],
    callerIpAddress: fields[CLASSIC.caller],
    clientRequestId: fields[CLASSIC.client],
    userAgentHeader: fields[CLASSIC.agent],
    requestBodySize: fields[CLASSIC.sent],
    responseBodySize: fields[CLASSIC.answered],
    contentLengthHeader: fields[CLASSIC.length],
  });
}
