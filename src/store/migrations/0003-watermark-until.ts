/** v_watermarks knows when a historic mode has run out: from then on a SYSTEM date is live, in raw SQL too. */
import type { StoreKind } from "../schema/schema.ts";
import { words } from "./0001-first/dialect.ts";
import { etlViews, WATERMARK_COLUMNS } from "./0001-first/etl-views.ts";

/** Now as the store writes times, so that they compare as text. */
const NOW: Readonly<Record<StoreKind, string>> = {
  sqlite: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  postgres: `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
};

/** Statements in order: the view as it was, but for what an ended mode makes of it. */
export function watermarkUntil(kind: StoreKind): string[] {
  const before = etlViews(kind).find(([name]) => name === "v_watermarks")?.[1] ?? "";
  const isOver = `m.mode is not null and w."ParameterType" = 'SYSTEM'`;
  const instead: Readonly<Record<string, string>> = { ActiveValue: words(kind).today, WatermarkState: "'LIVE DATE'" };
  const column = (name: string): string => {
    const over = instead[name];
    return over === undefined ? `w."${name}"` : `case when ${isOver} then ${over} else w."${name}" end as "${name}"`;
  };
  const select = `select ${WATERMARK_COLUMNS.map(column).join(", ")}
    from (${before}) w
    left join process_mode m on m.project_code = w."ProjectCode" and m.process_load = w."ProcessLoad"
      and m.mode = 'historic' and m.until_at <= ${NOW[kind]}`;
  // In Postgres it carries the columns in lower case too, for SQL that does not quote.
  const lower = WATERMARK_COLUMNS.map((name) => `v."${name}" as ${name.toLowerCase()}`);
  const view = kind === "sqlite" ? select : `select v.*, ${lower.join(", ")} from (${select}) v`;
  return ["drop view v_watermarks", `create view v_watermarks as ${view}`];
}
