/** Cuts JSON that streams in into the texts of its records, however it is laid out: pure. */

/** Takes characters, gives the texts of records. */
export interface ObjectTexts {
  chunk(text: string): void;
  /** Nothing comes any more; what is open is torn. */
  end(): void;
}

/** A record longer than this is taken for torn. */
const MAX_RECORD = 64 << 20;

/**
 * Records are the objects of the outermost level, of the outermost list, and of a list `records` in an outermost
 * object.
 * @param record called with the text of each
 * @param torn called for each that never ended: a string with a line feed in it was cut, and what follows begins anew
 */
export function createObjectTexts(record: (text: string) => void, torn: () => void): ObjectTexts {
  /** Closing signs that are awaited, outermost first. */
  let open: string[] = [];
  let inString = false;
  let escaped = false;
  /** Depths of the lists whose objects are records, innermost first: 0 is outside of any. */
  let levels = [0];
  let parts: string[] = [];
  let length = 0;
  let isTaking = false;
  let isLineStart = false;

  const reset = (): void => {
    open = [];
    inString = false;
    escaped = false;
    levels = [0];
    parts = [];
    length = 0;
    isTaking = false;
  };

  const chunk = (text: string): void => {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const sign = text[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (sign === "\\") escaped = true;
        else if (sign === '"') inString = false;
        else if (sign === "\n") {
          torn();
          reset();
          isLineStart = true;
        }
        continue;
      }
      const begins = isLineStart && sign === "{";
      isLineStart = sign === "\n";
      // what goes on over lines is indented: an object at the beginning of a line, deep inside another, is a new one
      if (begins && open.length > (levels[0] as number)) {
        torn();
        reset();
      }
      if (sign === '"') inString = open.length > 0;
      else if (sign === "{") {
        if (!isTaking && open.length === levels[0]) {
          isTaking = true;
          from = at;
        }
        open.push("}");
      } else if (sign === "[") {
        if (open.length === 0) levels.unshift(1);
        else if (isTaking && open.length === (levels[0] as number) + 1) {
          const head = parts.join("") + text.slice(from, at);
          if (/"records"\s*:\s*$/.test(head)) {
            levels.unshift(open.length + 1);
            isTaking = false;
            parts = [];
            length = 0;
          }
        }
        open.push("]");
      } else if ((sign === "}" || sign === "]") && open.length > 0) {
        open.pop();
        if (isTaking && open.length === levels[0]) {
          record(parts.join("") + text.slice(from, at + 1));
          isTaking = false;
          parts = [];
          length = 0;
        }
        if (open.length < (levels[0] as number)) levels.shift();
      }
    }
    if (!isTaking) return;
    parts.push(text.slice(from));
    length += text.length - from;
    if (length <= MAX_RECORD) return;
    torn();
    reset();
  };

  return {
    chunk,
    end: () => {
      if (open.length > 0) torn();
      reset();
    },
  };
}
