/** Ids of jobs and runs: int64, most of them beyond 2^53, the same sequence for the same seed. */

const BITS_60 = (1n << 60n) - 1n;
const BITS_64 = (1n << 64n) - 1n;
const SAFE = 1n << 53n;

/**
 * Makes a source of ids that never repeats.
 * @param size `large`: between 2^53 and 2^62 and odd, so that a client which goes through a double loses digits; `small`: 1, 2, 3, …
 */
export function makeIds(size: "large" | "small", seed = 1): () => string {
  let counter = 0n;
  const start = BigInt(seed) * 0x9e3779b97f4a7c15n;
  return () => {
    counter += 1n;
    if (size === "small") return counter.toString();
    // An odd factor is a bijection on 60 bits: the ids look random and do not repeat.
    const mixed = (start + counter * 0xd1342543de82ef95n) & BITS_60;
    return (SAFE + mixed * 2n + 1n).toString();
  };
}

/** Hexadecimal digits that depend on the text only (FNV-1a, 64 bits). */
export function hexOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    hash = ((hash ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n) & BITS_64;
  }
  return hash.toString(16).padStart(16, "0");
}
