/** Numbers sets of words: most edges were seen by the same sources in the same way. */

/** Sets of words, each once. */
export interface WordSets {
  readonly sets: readonly (readonly string[])[];
  /** Number of a set; order and repetition do not matter. */
  of(words: readonly string[]): number;
  /** Number of a set with more words in it. */
  with(set: number, more: readonly string[]): number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function createWordSets(): WordSets {
  const places = new Map<string, number>();
  const sets: string[][] = [];
  const of = (words: readonly string[]): number => {
    const set = words.length < 2 ? words : [...new Set(words)].sort(byText);
    const key = set.length === 1 ? (set[0] as string) : set.join("\u001f");
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, sets.length);
    sets.push([...set]);
    return sets.length - 1;
  };
  return {
    sets,
    of,
    with: (set, more) => {
      const words = sets[set] ?? [];
      return more.every((word) => words.includes(word)) ? set : of([...words, ...more]);
    },
  };
}
