/** Runs one case: a folder of its own, a fake workspace over real HTTP, the commands one by one, and what came of it. */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { permissionFor } from "../../src/workspace/permissions.ts";
import type { Case } from "./case.ts";
import { parseScript } from "./script.ts";
import { tokenizer } from "./tokens.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const MOST_MS_PER_COMMAND = 60_000;
const MOST_MS_AFTER_EXIT = 1_000;

interface Outcome {
  stdout: string;
  stderr: string;
  exitCode: number;
}

const runCommand = (command: string, cwd: string, env: Record<string, string>, groups: number[]): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    // a group of its own, so that servers it left behind can be ended with it
    const child = spawn("bash", ["-c", command], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    if (child.pid !== undefined) groups.push(child.pid);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (part) => (stdout += part));
    child.stderr.setEncoding("utf8").on("data", (part) => (stderr += part));
    const timer = setTimeout(() => child.kill("SIGKILL"), MOST_MS_PER_COMMAND);
    child.on("error", reject);
    const done = (code: number | null, signal: string | null): void => {
      clearTimeout(timer);
      if (signal === "SIGKILL") stderr += `ended by the harness after ${MOST_MS_PER_COMMAND / 1000} s\n`;
      resolve({ stdout, stderr, exitCode: code ?? -1 });
    };
    child.on("close", done);
    // a server left in the background keeps the pipes open: it must not keep us
    child.on("exit", (code, signal) => setTimeout(() => done(code, signal), MOST_MS_AFTER_EXIT).unref());
  });

const endGroups = (groups: number[]): void => {
  for (const group of groups) {
    try {
      process.kill(-group, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
};

const indented = (text: string, mark: string): string =>
  text === ""
    ? ""
    : `${text
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => `${mark}${line}`.trimEnd())
        .join("\n")}\n`;

const pretty = (text: string): string => `${JSON.stringify(JSON.parse(text), null, 2)}\n`;

const requestsOf = (fake: FakeDatabricks, pattern: string): string => {
  const kept = fake.control
    .requests({ path: pattern })
    .map(({ method, path, query, body, status, fault }) => ({ method, path, query, body, status, fault }));
  return `${JSON.stringify(kept, (_key, value) => (typeof value === "bigint" ? String(value) : value), 2)}\n`;
};

/**
 * Runs a case.
 *
 * @returns what is compared: file name → text, tokens in place of what differs from run to run
 * @throws Error where the script cannot be read, a token of the workspace was printed, or a call was made that the table
 * of permissions does not have
 */
export async function runCase(item: Case): Promise<Record<string, string>> {
  const scratch = realpathSync(mkdtempSync(path.join(tmpdir(), "headgate-case-")));
  const cwd = path.join(scratch, "project");
  const home = path.join(scratch, "home");
  mkdirSync(cwd);
  mkdirSync(home);
  const fake = await startFakeDatabricks(item.settings.fake);
  const groups: number[] = [];
  try {
    for (const name of item.inputs) cpSync(path.join(item.folder, name), path.join(cwd, name), { recursive: true });
    const env: Record<string, string> = {
      PATH: `${path.join(import.meta.dirname, "bin")}:${process.env.PATH ?? ""}`,
      HOME: home,
      TMPDIR: scratch,
      LANG: "C.UTF-8",
      TZ: "UTC",
      NO_COLOR: "1",
      GIT_CONFIG_NOSYSTEM: "1",
      HEADGATE_NODE: process.execPath,
      HEADGATE_MAIN: path.join(ROOT, "dist/main.js"),
      FAKE_URL: fake.url,
      DATABRICKS_HOST: fake.url,
      DATABRICKS_TOKEN: fake.token,
      // A fake takes as many requests a second as come.
      DATABRICKS_RATE_LIMIT: "1000",
      ...item.settings.env,
    };
    const jobIds: string[] = [];
    const parts: { mark: string; text: string }[] = [];
    for (const step of parseScript(item.script)) {
      if (step.kind === "comment") {
        parts.push({ mark: "", text: `${step.text}\n` });
        continue;
      }
      const assignment = /^export (\w+)=(\S*)$/.exec(step.text);
      if (assignment) {
        env[assignment[1] as string] = assignment[2] as string;
        continue;
      }
      const { stdout, stderr, exitCode } = await runCommand(step.text, cwd, env, groups);
      for (const { jobId } of fake.control.jobs()) if (!jobIds.includes(jobId)) jobIds.push(jobId);
      parts.push({ mark: "", text: indented(step.text, "$ ") });
      parts.push({ mark: "", text: stdout === "" || stdout.endsWith("\n") ? stdout : `${stdout}\n` });
      parts.push({ mark: "2> ", text: stderr });
      parts.push({ mark: "", text: exitCode === 0 ? "\n" : `[exit ${exitCode}]\n\n` });
    }
    const tokens = tokenizer({
      texts: [
        [cwd, "[DIR]"],
        [home, "[HOME]"],
        [scratch, "[TMP]"],
        [ROOT, "[ROOT]"],
        [fake.url, "[WORKSPACE]"],
        [` on ${hostname()}`, " on [HOST]"],
        [`"host": "${hostname()}"`, '"host": "[HOST]"'],
      ],
      jobIds,
      replace: item.settings.replace ?? [],
      keepTimes: item.settings.keepTimes ?? false,
    });
    const transcript = parts.map(({ mark, text }) => (mark === "" ? text : indented(text, mark))).join("");
    if (fake.token !== "" && transcript.includes(fake.token))
      throw new Error(`${item.name} printed the workspace token`);
    const unlisted = fake.control
      .requests()
      .map(({ method, path }) => ({ method, path }))
      .filter(({ method, path }) => !path.startsWith("/_fake/") && permissionFor(method, path) === undefined);
    if (unlisted.length > 0) {
      throw new Error(`src/workspace/permissions.ts has no row for ${unlisted[0]?.method} ${unlisted[0]?.path}`);
    }
    const actual: Record<string, string> = { "output.txt": `${tokens(transcript).trimEnd()}\n` };
    for (const name of readdirSync(cwd)
      .filter((file) => /^out\..+\.json$/.test(file))
      .sort()) {
      actual[name] = tokens(pretty(readFileSync(path.join(cwd, name), "utf8")));
    }
    if (item.settings.requests !== undefined) {
      actual["out.requests.json"] = tokens(requestsOf(fake, item.settings.requests));
    }
    return actual;
  } finally {
    endGroups(groups);
    await fake.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}
