/** Ids of nodes and edges that the store gave before: they never change, so that most need no look into the store. */

/** Ids by key, kept up to so many. */
const MOST = 50_000;

/**
 * Puts a memory before a look-up.
 * @param find ids of keys in their order, all of them found
 * @param keyOf tells keys apart
 */
export function knownIds<Key>(
  find: (keys: readonly Key[]) => Promise<readonly number[]>,
  keyOf: (key: Key) => string,
): (keys: readonly Key[]) => Promise<number[]> {
  let memory = new Map<string, number>();
  return async (keys) => {
    // A new one: calls that are under way go on with the old.
    if (memory.size > MOST) memory = new Map();
    const known = memory;
    const texts = keys.map(keyOf);
    const missing = new Map<string, Key>();
    for (const [index, text] of texts.entries()) if (!known.has(text)) missing.set(text, keys[index] as Key);
    if (missing.size > 0) {
      const ids = await find([...missing.values()]);
      for (const [index, text] of [...missing.keys()].entries()) known.set(text, ids[index] as number);
    }
    return texts.map((text) => known.get(text) as number);
  };
}
