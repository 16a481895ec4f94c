/** Reads the `script` of a case: comments and shell commands, one a line; a here-document or a `\` goes on over lines. */

/** One step of a script. */
export type Step = { kind: "comment"; text: string } | { kind: "command"; text: string };

/**
 * Steps in order.
 *
 * @throws Error for a here-document without its end
 */
export function parseScript(text: string): Step[] {
  const lines = text.split("\n");
  const steps: Step[] = [];
  while (lines.length > 0) {
    let line = lines.shift() as string;
    if (line.trim() === "") continue;
    if (line.startsWith("#")) {
      steps.push({ kind: "comment", text: line });
      continue;
    }
    while (line.endsWith("\\") && lines.length > 0) line += `\n${lines.shift()}`;
    const end = /<<-?\s*['"]?(\w+)['"]?/.exec(line)?.[1];
    if (end !== undefined) {
      const stop = lines.findIndex((other) => other.trim() === end);
      if (stop < 0) throw new Error(`the here-document ${end} does not end`);
      line = [line, ...lines.splice(0, stop + 1)].join("\n");
    }
    steps.push({ kind: "command", text: line });
  }
  return steps;
}
