/** Text that was written for a terminal, as text. */
import { isDay, weekdayOf } from "./day.ts";

const ESCAPE = String.fromCharCode(27);
/** Colours and movements of the cursor (ECMA-48: control sequences, and two-letter escapes). */
const SEQUENCES = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|[@-Z\\\\-_])`, "g");

/** For what programs and services said: without colours. */
export function withoutColours(text: string): string {
  return text.replace(SEQUENCES, "");
}

/** For headgate's own sentences: also with days as the page says them. */
export function sentence(text: string): string {
  return withoutColours(text).replace(/(?<![\w/=.-])\d{4}-\d\d-\d\d(?![\w/-])/g, (day) =>
    isDay(day) ? weekdayOf(day) : day,
  );
}

/** For logs: control characters are shown as terminals name them (`^[` is escape), not obeyed. */
export function plain(text: string): string {
  return [...text.replaceAll("\r\n", "\n")]
    .map((letter) => {
      const code = letter.charCodeAt(0);
      if (letter === "\n" || letter === "\t" || code > 159 || (code >= 32 && code < 127)) return letter;
      return code > 127 ? "\ufffd" : `^${code === 127 ? "?" : String.fromCharCode(code + 64)}`;
    })
    .join("");
}
