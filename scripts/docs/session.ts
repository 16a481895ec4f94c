/** Does what a page tells its reader, in an empty folder against a fake workspace, and compares what comes out. */
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { ROOT } from "../build-node.ts";
import { type Step, stepsOf } from "./page.ts";

/** A command whose output is not what the page shows. */
export interface Difference {
  line: number;
  command: string;
  expected: string;
  actual: string;
  from: number;
  to: number;
}

const PEOPLE = [
  { userName: "admin@example.com", displayName: "Admin", admin: true, tokens: ["fake-admin-token"] },
  { userName: "anna@example.com", displayName: "Anna", tokens: ["anna-token"] },
  { userName: "ben@example.com", displayName: "Ben", tokens: ["ben-token"] },
];
/** How the page calls the folder it is run in, and the workspace. */
const HOME = "/home/you";
const HOST = "127.0.0.1:4700";

/** What differs from run to run, by pattern. */
const VARYING: [RegExp, string][] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?/g, "TIME"],
  [/\b\d\d:\d\d(?= UTC)/g, "TIME"],
  [/\b(?:\d+ [dhms] )*\d+(?:\.\d)? [dhms]\b/g, "DURATION"],
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b/g, "DAY"],
  [/(?<![\w.])\d{15,20}(?!\w|\.\d)/g, "ID"],
  // before commits, which look like the end of one
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "UUID"],
  [/\b[0-9a-f]{40}\b|\b[0-9a-f]{12}\b|\b[0-9a-f]{7}\b/g, "COMMIT"],
  [/^\[\d+\/(\d+)\]/gm, "[N/$1]"],
  [/\bpid \d+/g, "pid N"],
  [/\bhgt_[\w-]+/g, "TOKEN"],
  [/\b(?:ahead of|behind) the workspace/g, "off the workspace"],
  [/ +/g, " "],
  [/-{3,}/g, "---"],
];

const normal = (text: string): string =>
  VARYING.reduce((out, [pattern, token]) => out.replace(pattern, token), text)
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    // Changes that run at the same time end in any order.
    .replace(/(?:^\[N\/.*\n?)+/gm, (lines) => `${lines.trimEnd().split("\n").sort().join("\n")}\n`)
    .trim();

/** True where the output is what the page shows; a line `…` stands for any lines. */
export function matches(expected: string, actual: string): boolean {
  const escaped = normal(expected).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/(^|\n)…(?=\n|$)/g, "(?:$1[^]*?)?")}$`).test(normal(actual));
}

interface Shell {
  folder: string;
  env: Record<string, string>;
  code: number;
}

/** Runs one command; what it does to folder, variables and exit code counts for the next. */
function run(shell: Shell, command: string): Promise<string> {
  const memory = path.join(shell.folder, ".shell");
  const script = [
    "set -a",
    `[ -f "${memory}" ] && . "${memory}"`,
    `(exit ${shell.code})`,
    `{ ${command}\n} 2>&1`,
    "code=$?",
    `{ export -p; printf 'cd %q\\n' "$PWD"; } > "${memory}"`,
    "exit $code",
  ].join("\n");
  return new Promise((resolve) => {
    const options = { cwd: path.join(shell.folder, "home"), env: shell.env, maxBuffer: 1 << 24, timeout: 120_000 };
    execFile("bash", ["-c", script], options, (error, stdout, stderr) => {
      shell.code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve(stdout + stderr);
    });
  });
}

/** The folder that the shell is in. */
function placeOf(shell: Shell): string {
  const memory = path.join(shell.folder, ".shell");
  const home = path.join(shell.folder, "home");
  return (existsSync(memory) && /^cd (.*)$/m.exec(readFileSync(memory, "utf8"))?.[1]) || home;
}

function change(shell: Shell, step: Exclude<Step, { kind: "command" }>): void {
  const file = path.join(placeOf(shell), step.path);
  if (step.kind === "file") {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, step.text);
    return;
  }
  const text = readFileSync(file, "utf8");
  if (text.split(step.before).length !== 2)
    throw new Error(`line ${step.line}: these lines are not exactly once in ${step.path}`);
  writeFileSync(
    file,
    text.replace(step.before, () => step.after),
  );
}

/**
 * Runs a page with the built program.
 * @param main path of `dist/main.js`
 * @returns the commands whose output differs, with what came out as the page should show it
 */
export async function runPage(page: string, main: string): Promise<{ commands: number; differences: Difference[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-docs-"));
  const fake = await startFakeDatabricks({ principals: PEOPLE });
  try {
    const [home, bin] = ["home", "bin"].map((name) => path.join(folder, name)) as [string, string];
    mkdirSync(home);
    mkdirSync(bin);
    writeFileSync(path.join(bin, "headgate"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
    chmodSync(path.join(bin, "headgate"), 0o755);
    const shell: Shell = {
      folder,
      code: 0,
      env: {
        PATH: `${bin}:${path.dirname(process.execPath)}:${process.env.PATH ?? ""}`,
        HOME: home,
        LC_ALL: "C.UTF-8",
        CLONE: ROOT,
        DATABRICKS_HOST: fake.url,
        DATABRICKS_TOKEN: fake.token,
        // A fake takes as many requests a second as come.
        DATABRICKS_RATE_LIMIT: "1000",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_AUTHOR_NAME: "Anna",
        GIT_AUTHOR_EMAIL: "anna@example.com",
        GIT_COMMITTER_NAME: "Anna",
        GIT_COMMITTER_EMAIL: "anna@example.com",
      },
    };
    const differences: Difference[] = [];
    let commands = 0;
    for (const step of stepsOf(page)) {
      if (step.kind !== "command") {
        change(shell, step);
        continue;
      }
      commands += 1;
      const said = await run(shell, step.command);
      const actual = said
        .replaceAll(home, HOME)
        .replaceAll(new URL(fake.url).host, HOST)
        .replace(/[ \t]+$/gm, "");
      if (matches(step.output, actual)) continue;
      const { line, command, output: expected, from, to } = step;
      differences.push({ line, command, expected, actual, from, to });
    }
    return { commands, differences };
  } finally {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
