/** The official OpenLineage client for Python, in an environment of its own; the `real` lane installs it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

/** The release that tests post with. */
const VERSION = "1.54.0";
// Not in the folder for temporary files: a test run may have one of its own.
const FOLDER = path.resolve(import.meta.dirname, `../node_modules/.cache/openlineage-python-${VERSION}`);
const PYTHON = path.join(FOLDER, "bin/python");
/** Written last, so that an installation that was cut off is made anew. */
const COMPLETE = path.join(FOLDER, "complete");

/** The interpreter that has the client, or why there is none. */
export function pythonClient(): { python: string } | { skipped: string } {
  return existsSync(COMPLETE)
    ? { python: PYTHON }
    : { skipped: `openlineage-python ${VERSION} is not installed; npm run test:all -- --lane real installs it` };
}

/** Installs it from the package index where Python is there. @returns why it could not be */
export function installPythonClient(): string | undefined {
  if (existsSync(COMPLETE)) return undefined;
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  if (!run("python3", "-m", "venv", "--clear", FOLDER)) return "python3 with venv";
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `openlineage-python==${VERSION}`];
  if (!run(PYTHON, ...pip)) return `openlineage-python ${VERSION}`;
  return run("touch", COMPLETE) ? undefined : `a mark in ${FOLDER}`;
}
