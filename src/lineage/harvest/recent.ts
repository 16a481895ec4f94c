/** A set that remembers at least the last so many entries, in bounded memory. */

/** Remembers entries. */
export interface Recent {
  /** Remembers an entry. @returns false where it is remembered already */
  add(entry: string): boolean;
}

/** A set of the last `size` entries at least, twice as many at most. */
export function createRecent(size: number): Recent {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    add: (entry) => {
      if (young.has(entry) || old.has(entry)) return false;
      if (young.size >= size) {
        old = young;
        young = new Set();
      }
      young.add(entry);
      return true;
    },
  };
}
