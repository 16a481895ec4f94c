/** Random numbers by a seed: the same text gives the same numbers, whatever else was drawn before. */

/** A stream of numbers of its own. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** An integer from 0 up to but not with `below`. */
  int(below: number): number;
  /** An integer, both ends included. */
  between(least: number, most: number): number;
  chance(share: number): boolean;
  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  guid(): string;
}

/** FNV-1a over the text, stirred differently for each of the four words of state. */
function wordOf(text: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** The four hexadecimal digits of each number below 65,536: ids are most of what is drawn. */
const DIGITS = Array.from({ length: 65_536 }, (_, number) => number.toString(16).padStart(4, "0"));
const hexWord = (word: number): string => `${DIGITS[word >>> 16]}${DIGITS[word & 0xffff]}`;

/** Opens the stream that belongs to a text (the generator is sfc32, public domain, by Chris Doty-Humphrey). */
export function openRandom(seed: string): Random {
  let [a, b, c, d] = [wordOf(seed, 1), wordOf(seed, 2), wordOf(seed, 3), 1];
  const word = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) word();
  const next = (): number => word() / 2 ** 32;
  const int = (below: number): number => Math.floor(next() * below);
  const hex = (digits: number): string => {
    let text = "";
    while (text.length < digits) text += hexWord(word());
    return text.slice(0, digits);
  };
  return {
    next,
    int,
    between: (least, most) => least + int(most - least + 1),
    chance: (share) => next() < share,
    pick(list) {
      if (list.length === 0) throw new RangeError("nothing to pick from");
      return list[int(list.length)] as (typeof list)[number];
    },
    hex,
    guid() {
      const text = hexWord(word()) + hexWord(word()) + hexWord(word()) + hexWord(word());
      return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
    },
  };
}
