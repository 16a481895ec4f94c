/** What a watch tells: a line for each job that changed, moved or failed, and now and then that nothing did. */
import type { WatchEvent, WatchReport } from "../../jobs/room.ts";
import type { FieldChange } from "../../model/plan.ts";
import { formatJson } from "../../util/int64-json.ts";
import { fieldLine } from "./field.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { count } from "./value.ts";

/** Fields that a line names. */
const NAMED = 3;

function fieldsText(fields: readonly FieldChange[]): string {
  const named = fields.slice(0, NAMED).map((field) => {
    const { path, text } = fieldLine(field);
    return `${path} ${text}`;
  });
  return named.join("; ") + (fields.length > NAMED ? `; and ${fields.length - NAMED} more` : "");
}

const idText = (jobId: string | null) => (jobId === null ? "" : ` (${jobId})`);
const hintText = (hint: string | null | undefined) => (hint ? ` — ${hint}` : "");

function told(event: WatchEvent): [Tone, string, string] {
  switch (event.kind) {
    case "job": {
      const what = `${event.action} ${event.resource}${idText(event.jobId)}`;
      const fields = event.action === "create" ? "" : fieldsText(event.fields);
      if (event.state === "failed") {
        const { code = "failed", message = "", hint } = event.error ?? {};
        return ["bad", "failed", `${what}: ${code}: ${message}${hintText(hint)}`];
      }
      return ["good", event.healed ? "healed" : "done", fields === "" ? what : `${what}: ${fields}`];
    }
    case "drift":
      return [
        "odd",
        "drift",
        `${event.resource}${idText(event.jobId)}: ${event.gone ? event.reason : fieldsText(event.fields)}; left so`,
      ];
    case "left":
      return ["warn", "left", `${event.resource}${idText(event.jobId)}: ${event.reason}${hintText(event.hint)}`];
    case "problem":
      return [event.severity === "error" ? "bad" : "warn", event.severity, `${event.message}${hintText(event.hint)}`];
    case "error":
      return ["bad", "error", `${event.code}: ${event.message}${hintText(event.hint)}`];
    case "quiet":
      return ["faint", "quiet", `${count(event.passes, "pass", "passes")} without a change`];
  }
}

/** `12:31:05 done    update nightly_sales (913862): tasks[task_key=load].max_retries 0 → 2`, one line. */
export function watchLine(style: Style, event: WatchEvent, at: string): string {
  const [tone, word, text] = told(event);
  const time = paint(style, "faint", at.slice(11, 19));
  return `${time} ${paint(style, tone, word.padEnd(7))} ${safe(text).replace(/\s*\n\s*/g, " ")}`;
}

/** One event for a program, on one line. */
export function watchJson(event: WatchEvent, at: string): string {
  return formatJson({ at, ...event });
}

/** The sum at the end. */
export function watchEndText({ passes, done, failed }: WatchReport): string {
  return `watched ${count(passes, "pass", "passes")}: ${count(done, "change")}, ${failed} failed`;
}
