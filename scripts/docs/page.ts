/** Takes a page apart into what its reader is told to do: commands with their output, files to write, lines to change. */

/** One thing a reader does. Line numbers count from 1. */
export type Step =
  | { kind: "command"; line: number; command: string; output: string; from: number; to: number }
  | { kind: "file"; line: number; path: string; text: string }
  | { kind: "edit"; line: number; path: string; before: string; after: string };

const PATH_COMMENT = /^(?:#|\/\/) ([\w.@-]+(?:\/[\w.@-]+)*\.[\w-]+|\.gitignore)$/;

/** What a block of lines with `-`, `+` and space in front replaces by what. */
function editOf(lines: readonly string[]): { before: string; after: string } {
  const side = (other: string) =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => line.slice(1))
      .join("\n");
  return { before: side("+"), after: side("-") };
}

/** Commands of a `console` block: `$ ` begins one, a final backslash goes on, the rest is its output. */
function commandsOf(lines: readonly string[], first: number): Step[] {
  const steps: Extract<Step, { kind: "command" }>[] = [];
  let open = false;
  lines.forEach((line, index) => {
    const at = first + index;
    const last = steps.at(-1);
    if (open && last) {
      last.command += `\n${line}`;
      last.from = at + 1;
      last.to = at + 1;
    } else if (line.startsWith("$ ")) {
      steps.push({ kind: "command", line: at, command: line.slice(2), output: "", from: at + 1, to: at + 1 });
    } else if (last) {
      last.output += `${line}\n`;
      last.to = at + 1;
    } else throw new Error(`line ${at}: a console block begins with a command`);
    open = (open || line.startsWith("$ ")) && line.endsWith("\\");
  });
  return steps;
}

/**
 * The steps of a Markdown page, in order. ```` ```console ```` holds commands and their output; a block whose first
 * line is a comment with a path (`# jobs/orders.yml`) is a file; ```` ```diff ```` with such a line changes one.
 * Other blocks are only read.
 */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  const lines = page.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const language = /^```(\w*)$/.exec(lines[at] as string)?.[1];
    if (language === undefined) continue;
    const first = at + 1;
    while (at + 1 < lines.length && lines[at + 1] !== "```") at++;
    const body = lines.slice(first, at + 1);
    at += 1;
    const path = PATH_COMMENT.exec(body[0] ?? "")?.[1];
    if (language === "console") steps.push(...commandsOf(body, first + 1));
    else if (path !== undefined && language === "diff")
      steps.push({ kind: "edit", line: first + 1, path, ...editOf(body.slice(1)) });
    else if (path !== undefined)
      steps.push({ kind: "file", line: first + 1, path, text: `${body.slice(1).join("\n")}\n` });
  }
  return steps;
}

/** The page with the outputs of some commands replaced. */
export function withOutputs(page: string, outputs: readonly { from: number; to: number; output: string }[]): string {
  const lines = page.split("\n");
  for (const { from, to, output } of [...outputs].sort((a, b) => b.from - a.from)) {
    const text = output.replace(/\n+$/, "");
    lines.splice(from - 1, to - from, ...(text === "" ? [] : text.split("\n")));
  }
  return lines.join("\n");
}
