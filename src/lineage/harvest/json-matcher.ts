/** Finds the end of a JSON object, or of a quoted string, in text that comes in pieces. */

/** The piece ended before the object did. */
export const MORE = -1;
/** What was read is no JSON. */
export const BROKEN = -2;

/** Reads on where it stopped. */
export interface Matcher {
  /**
   * Reads a piece from `from` on.
   * @returns the place after the closing brace (of a string: that of the closing quote), or {@link MORE}, {@link BROKEN}
   */
  feed(text: string, from: number): number;
  /** The place in the last piece at which it broke. */
  brokenAt(): number;
  /** True inside a string: white space there belongs to the value. */
  inString(): boolean;
  /** Remembers where it is. @returns what takes it back there */
  save(): () => void;
}

/** No event nests this deep; deeper text is noise that would cost time. */
const MAX_DEPTH = 400;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const isScalar = (text: string): boolean => text === "true" || text === "false" || text === "null" || NUMBER.test(text);
const isHex = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

const VALUE = 0;
const VALUE_OR_END = 1;
const KEY = 2;
const KEY_OR_END = 3;
const COLON = 4;
const NEXT_OR_END = 5;
const STRING = 6;
const SCALAR = 7;

/**
 * A matcher of one JSON object that begins at the first character it is fed, or of the rest of a string whose opening
 * quote lies before it. JSON as RFC 8259 has it, no more: so that an object which never ends is noticed at the first
 * line that cannot belong to it.
 */
export function createMatcher(kind: "object" | "string"): Matcher {
  let state = kind === "object" ? VALUE : STRING;
  /** One entry an open container: true for an object. */
  let open: boolean[] = [];
  let isKey = false;
  /** 0 outside an escape, 5 after the backslash, 4 to 1: hexadecimal digits that are still to come. */
  let digits = 0;
  let scalar = "";
  let wrong = 0;

  /** @returns the place of the closing quote, or MORE, BROKEN */
  const string = (text: string, from: number): number => {
    const { length } = text;
    for (let at = from; at < length; at++) {
      const code = text.charCodeAt(at);
      if (digits === 0) {
        // most of a log is inside strings: this is the loop that counts
        let next = code;
        while (next !== 34 && next !== 92 && next >= 32 && ++at < length) next = text.charCodeAt(at);
        if (at === length) return MORE;
        if (next === 34) return at;
        if (next === 92) {
          digits = 5;
          continue;
        }
      } else if (digits === 5 && code === 117) {
        digits = 4;
        continue;
      } else if (digits === 5 ? '"\\/bfnrt'.includes(text.charAt(at)) : isHex(code)) {
        digits = digits === 5 ? 0 : digits - 1;
        continue;
      }
      wrong = at;
      return BROKEN;
    }
    return MORE;
  };

  const begin = (text: string, at: number): boolean => {
    const code = text.charCodeAt(at);
    if (code === 34) {
      isKey = false;
      state = STRING;
    } else if (code === 123 || code === 91) {
      open.push(code === 123);
      state = code === 123 ? KEY_OR_END : VALUE_OR_END;
      return open.length <= MAX_DEPTH;
    } else {
      state = SCALAR;
      scalar = text.charAt(at);
      return code === 45 || (code >= 48 && code <= 57) || code === 116 || code === 102 || code === 110;
    }
    return true;
  };

  const feed = (text: string, from: number): number => {
    for (let at = from; at < text.length; at++) {
      if (state === STRING) {
        at = string(text, at);
        if (at < 0 || open.length === 0) return at;
        state = isKey ? COLON : NEXT_OR_END;
        continue;
      }
      const code = text.charCodeAt(at);
      if (state === SCALAR) {
        // longer than any number or word: no JSON
        if (code !== 44 && code !== 93 && code !== 125 && code > 32) {
          scalar += text.charAt(at);
          if (scalar.length > 400) return BROKEN;
          continue;
        }
        if (!isScalar(scalar)) return BROKEN;
        state = NEXT_OR_END;
      }
      if (code === 32 || code === 9 || code === 10 || code === 13) continue;
      if ((code === 125 || code === 93) && state !== VALUE && state !== KEY && state !== COLON) {
        if (open.pop() !== (code === 125)) return BROKEN;
        if (open.length === 0) return at + 1;
        state = NEXT_OR_END;
      } else if (state === NEXT_OR_END) {
        if (code !== 44) return BROKEN;
        state = open[open.length - 1] === true ? KEY : VALUE;
      } else if (state === COLON) {
        if (code !== 58) return BROKEN;
        state = VALUE;
      } else if (state === KEY || state === KEY_OR_END) {
        if (code !== 34) return BROKEN;
        isKey = true;
        state = STRING;
      } else if (!begin(text, at)) return BROKEN;
    }
    return MORE;
  };

  return {
    feed,
    brokenAt: () => wrong,
    inString: () => state === STRING,
    save: () => {
      const saved = { state, open: [...open], isKey, digits, scalar };
      return () => {
        ({ state, isKey, digits, scalar } = saved);
        open = [...saved.open];
      };
    },
  };
}
