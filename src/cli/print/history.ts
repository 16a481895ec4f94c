/** The former definitions of a job, newest first: who changed what, when, from which commit. */
import type { FieldChange } from "../../model/plan.ts";
import type { HistoryItem } from "../../model/view.ts";
import { fieldLine } from "./field.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { longTime } from "./time.ts";

/** The history as text. */
export function historyText(style: Style, resource: string, items: readonly HistoryItem[]): string {
  if (items.length === 0) return `${safe(resource)} was never applied by headgate\n`;
  const lines = [...items]
    .sort((a, b) => b.serial - a.serial)
    .flatMap((item) => {
      const commit = item.commit === null ? "" : `  ${safe(item.commit.slice(0, 12))}`;
      const when = `${longTime(item.at, style.timezone)} ${style.timezone}`;
      const fields = (item.fields as FieldChange[]).map((field) => {
        const { sign, path, text } = fieldLine(field);
        return `    ${sign} ${path}  ${text}`;
      });
      return [
        `${paint(style, "strong", `#${item.serial}`)}  ${when}  ${safe(item.action)}  ${safe(item.actor)}${commit}`,
        ...fields,
      ];
    });
  return `${lines.join("\n")}\n`;
}
