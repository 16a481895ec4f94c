/** Installs what the `real` lane needs of the system, Chromium, PostgreSQL, two shells and Python, where this process may: a Debian machine, as root. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

const TRIES = 3;
/** Debian package → whether what it brings is there already. */
const NEEDED: [name: string, isThere: () => boolean][] = [
  ["chromium", () => existsSync("/usr/bin/chromium")],
  ["postgresql", hasPostgres],
  // Shells whose completion scripts are run.
  ["zsh", () => existsSync("/usr/bin/zsh")],
  ["fish", () => existsSync("/usr/bin/fish")],
  // For the OpenLineage client for Python (test/python-client.ts).
  ["python3-venv", () => spawnSync("python3", ["-c", "import ensurepip, venv"], { stdio: "ignore" }).status === 0],
];

function hasPostgres(): boolean {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(`${folder}/${version}/bin/initdb`));
}

const apt = (...args: string[]): boolean => {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", "ignore", "inherit"], env }).status === 0;
};

/**
 * Installs what is missing.
 *
 * @returns names of packages that are still missing; tests that need them skip and say so
 */
export function installSystemPackages(): string[] {
  const missing = (): string[] => NEEDED.filter(([, isThere]) => !isThere()).map(([name]) => name);
  const may = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  for (let left = TRIES; may && left > 0 && missing().length > 0; left -= 1) {
    console.log(`installing ${missing().join(", ")}`);
    apt("update");
    apt("install", "-y", "--no-install-recommends", ...missing());
  }
  return missing();
}
