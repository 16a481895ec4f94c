/** "Did you mean": the nearest known word to a misspelt one. */

function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      // two neighbours exchanged are one slip of the finger ("paln" for "plan")
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row[j] = least;
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

const plain = (word: string) => word.toLowerCase().replace(/[-_ ]/g, "");

/**
 * The known word nearest to `word` (edits and swaps of neighbours counted, case and separators ignored), or undefined when none is
 * within a third of its length (at least 1 edit).
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(wanted, plain(candidate));
    if (edits < least) {
      least = edits;
      best = candidate;
    }
  }
  return best;
}
