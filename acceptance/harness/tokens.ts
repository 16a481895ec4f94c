/** Replaces what differs from run to run (ids, times, ports, digests, folders) by stable tokens. */

/** What is known about one run. */
export interface Known {
  /** Text → token, e.g. the case's folder → `[DIR]`. */
  texts: [text: string, token: string][];
  /** Ids of jobs in order of creation. */
  jobIds: readonly string[];
  /** Patterns of the case itself. */
  replace: [pattern: string, token: string][];
  /** Times are not replaced. */
  keepTimes: boolean;
}

/** Patterns whose matches are numbered in the order they are first seen: the same text, the same token. */
const NUMBERED: [pattern: RegExp, name: string][] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "UUID"],
  [/\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g, "DIGEST"],
  [/(?<![\d.])\d{15,20}(?![\d.])/g, "ID"],
];

const PORT = /\b(127\.0\.0\.1|localhost):\d+/g;
const TIMES: [pattern: RegExp, token: string][] = [
  [
    /(?:\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?/g,
    "[TIME]",
  ],
  [/(?<![\d.])1[5-9]\d{11}(?![\d.])/g, "[MS]"],
];

/**
 * Makes a function that replaces; all texts of one run go through the same one, so that a token means the same in
 * each of them.
 */
export function tokenizer(known: Known): (text: string) => string {
  const seen = new Map<string, string>();
  const counts = new Map<string, number>();
  const numbered = (text: string, name: string): string => {
    const job = known.jobIds.indexOf(text);
    if (job >= 0) return `[JOB_${job + 1}]`;
    const token = seen.get(text);
    if (token !== undefined) return token;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    seen.set(text, `[${name}_${count}]`);
    return `[${name}_${count}]`;
  };
  return (text) => {
    let out = text;
    // longest first: a folder inside a folder
    for (const [from, token] of [...known.texts].sort((a, b) => b[0].length - a[0].length)) {
      if (from !== "") out = out.replaceAll(from, token);
    }
    for (const [pattern, token] of known.replace) out = out.replace(new RegExp(pattern, "gm"), token);
    for (const [pattern, name] of NUMBERED) out = out.replace(pattern, (match) => numbered(match, name));
    if (!known.keepTimes) for (const [pattern, token] of TIMES) out = out.replace(pattern, token);
    return out.replace(PORT, "$1:[PORT]");
  };
}
