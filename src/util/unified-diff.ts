/** Edits of a text's lines as a unified diff that `git apply` and `patch` take. Pure. */

/** Replaces a part of one line; the new text may bring further lines. */
export interface LineEdit {
  /** From 1. */
  line: number;
  /** Columns from 0, the end excluded. */
  from: number;
  to: number;
  text: string;
}

/** Unchanged lines around a change. */
const CONTEXT = 3;

/**
 * @param file path as it stands behind `a/` and `b/`
 * @param edits parts that do not overlap
 * @returns the diff, or "" where nothing changes
 */
export function unifiedDiff(file: string, text: string, edits: readonly LineEdit[]): string {
  const lines = text.split("\n");
  const ended = lines.at(-1) === "";
  if (ended) lines.pop();
  const changed = changedLines(lines, edits);
  if (changed.size === 0) return "";
  const out = [`--- a/${file}`, `+++ b/${file}`];
  let shift = 0;
  for (const group of groups([...changed.keys()].sort((a, b) => a - b))) {
    const from = Math.max(1, (group[0] as number) - CONTEXT);
    const to = Math.min(lines.length, (group.at(-1) as number) + CONTEXT);
    const body: string[] = [];
    let added = 0;
    for (let number = from; number <= to; number += 1) {
      const old = lines[number - 1] as string;
      const now = changed.get(number);
      const bare = number === lines.length && !ended ? ["\\ No newline at end of file"] : [];
      if (now === undefined) body.push(` ${old}`, ...bare);
      else {
        body.push(`-${old}`, ...bare, ...now.map((line) => `+${line}`), ...bare);
        added += now.length - 1;
      }
    }
    const count = to - from + 1;
    out.push(`@@ -${from},${count} +${from + shift},${count + added} @@`, ...body);
    shift += added;
  }
  return `${out.join("\n")}\n`;
}

/** New lines by the number of the line that they replace. */
function changedLines(lines: readonly string[], edits: readonly LineEdit[]): Map<number, string[]> {
  const made = new Map<number, string>();
  // From the right, so that columns stay what they are.
  for (const { line, from, to, text } of [...edits].sort((a, b) => b.from - a.from)) {
    const now = made.get(line) ?? lines[line - 1];
    if (now !== undefined) made.set(line, now.slice(0, from) + text + now.slice(to));
  }
  return new Map(
    [...made].flatMap(([line, now]): [number, string[]][] =>
      now === lines[line - 1] ? [] : [[line, now.split("\n")]],
    ),
  );
}

/** Line numbers whose surroundings touch, together. */
function groups(numbers: readonly number[]): number[][] {
  const made: number[][] = [];
  for (const number of numbers) {
    const last = made.at(-1);
    if (last !== undefined && number - (last.at(-1) as number) <= 2 * CONTEXT) last.push(number);
    else made.push([number]);
  }
  return made;
}
