/** Which resources `--select` and the words after it mean. */

/** The resources that were named, each once; undefined when none was: then all are meant. */
export function selection(flags: readonly string[] | undefined, words: readonly string[]): string[] | undefined {
  const ids = [...new Set([...(flags ?? []), ...words])];
  return ids.length === 0 ? undefined : ids;
}
