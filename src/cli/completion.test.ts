import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { cli } from "../../test/run-cli.ts";

const found = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

function answers(shell: string, args: string[], input = ""): string[] {
  const { stdout, stderr } = spawnSync(shell, args, { encoding: "utf8", input });
  expect(stderr).toBe("");
  return stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
}

/** How each shell is asked what it would offer after some words. */
const OFFERS: Record<string, (script: string, words: string[]) => string[]> = {
  bash: (script, words) => {
    const list = ["headgate", ...words].map((word) => `'${word}'`).join(" ");
    const ask = `COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _headgate; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return answers("bash", ["--norc", "-c", `${script}\n${ask}`]);
  },
  // zsh offers only at its prompt: what the script hands to zsh's own functions is printed instead
  zsh: (script, words) => {
    const list = ["headgate", ...words].map((word) => `'${word}'`).join(" ");
    const own = [
      "compdef() { :; }; _files() { :; }",
      `_describe() { print -rl -- "\${(@)\${(@M)choices:#\${cur}*}%%:*}"; }`,
      `compadd() { shift; print -rl -- "\${(@M)@:#\${cur}*}"; }`,
    ].join("\n");
    return answers("zsh", ["-f", "-c", `${own}\n${script}\nwords=(${list}); CURRENT=${words.length + 1}; _headgate`]);
  },
  fish: (script, words) => {
    const line = ["headgate", ...words].join(" ");
    // by its input: one argument may hold 128 KB at most
    return answers("fish", ["--no-config", "-c", "cat | source"], `${script}\ncomplete -C '${line}'\n`);
  },
};

for (const [shell, offers] of Object.entries(OFFERS)) {
  const asked = async (...words: string[]) => offers((await cli(["completion", shell])).stdout, words);

  const reason = found(shell) ? "" : ` (${shell} is not installed)`;
  test.skipIf(reason !== "")(
    `${shell} offers commands, flags and values, whatever flags stand before${reason}`,
    async () => {
      expect(await asked("jo")).toEqual(["jobs"]);
      expect(await asked("jobs", "cr")).toEqual(["cron"]);
      expect(await asked("-t", "jobs", "jobs", "cr")).toEqual(["cron"]);
      expect(await asked("--json", "jobs", "cron", "--cou")).toEqual(["--count"]);
      expect((await asked("completion", "")).filter((word) => /^(bash|zsh|fish)$/.test(word)).sort()).toEqual([
        "bash",
        "fish",
        "zsh",
      ]);
      expect(await asked("jobs", "cron", "--format", "j")).toEqual(["json"]);
    },
  );
}
