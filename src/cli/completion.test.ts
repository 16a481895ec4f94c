import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { cli } from "../../test/run-cli.ts";

const found = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** What bash would offer after these words. */
async function bashOffers(...words: string[]): Promise<string[]> {
  const { stdout: script } = await cli(["completion", "bash"]);
  const list = ["headgate", ...words].map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _headgate; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", `${script}\n${ask}`], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

test.skipIf(!found("bash"))("bash offers commands, flags and values, whatever flags stand before", async () => {
  expect(await bashOffers("jo")).toEqual(["jobs"]);
  expect(await bashOffers("jobs", "cr")).toEqual(["cron"]);
  expect(await bashOffers("-t", "jobs", "jobs", "cr")).toEqual(["cron"]);
  expect(await bashOffers("--json", "jobs", "cron", "--cou")).toEqual(["--count"]);
  expect(await bashOffers("completion", "")).toEqual(["bash", "zsh", "fish"]);
  expect(await bashOffers("jobs", "cron", "--format", "j")).toEqual(["json"]);
  expect(await bashOffers("jobs", "cron", "--timezone", "")).toEqual([]);
});

test.each(["zsh", "fish"])("%s can read its script", async (shell) => {
  const { stdout: script, code } = await cli(["completion", shell]);
  expect(code).toBe(0);
  expect(script).toContain("cron");
  if (!found(shell)) {
    console.log(`not read by ${shell}: it is not installed`);
    return;
  }
  const { stderr, status } = spawnSync(shell, shell === "zsh" ? ["-n"] : ["--no-execute"], {
    input: script,
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
});
