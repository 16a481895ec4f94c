/**
 * `npm run lock`: adds the optional packages of other platforms that npm left out of package-lock.json because it could
 * not reach them when it wrote the file. `npm ci` refuses a lockfile without them, on every machine.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** One package of a lockfile (version 3). */
export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** Names of packages that some package wants as optional and the lockfile does not have, with who wants them. */
export function missingOptional(packages: Record<string, LockedPackage>): { name: string; by: string }[] {
  const there = new Set(Object.keys(packages).map((place) => place.replace(/^.*node_modules\//, "")));
  return Object.entries(packages).flatMap(([by, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !there.has(name))
      .map((name) => ({ name, by })),
  );
}

/**
 * The entry of a package that is made for one platform, which its name says: `@biomejs/cli-linux-arm64-musl`.
 *
 * @throws Error where the name does not say it, or the version is a range
 */
export function platformEntry(name: string, version: string, dev: boolean): LockedPackage {
  const words = name.slice(name.lastIndexOf("/") + 1).split("-");
  const system = words.find((word) => SYSTEMS.includes(word));
  const processor = words.find((word) => PROCESSORS.includes(word));
  if (system === undefined || processor === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version}: which platform is it for?`);
  }
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu")) && "glibc";
  return {
    version,
    cpu: [processor],
    ...(dev ? { dev } : {}),
    ...(system === "linux" && libc ? { libc: [libc] } : {}),
    optional: true,
    os: [system],
  };
}

/** The packages with the missing ones, in the order npm writes. */
export function complete(packages: Record<string, LockedPackage>): Record<string, LockedPackage> {
  const added = missingOptional(packages).map(({ name, by }): [string, LockedPackage] => {
    const wanting = packages[by] as LockedPackage;
    return [
      `node_modules/${name}`,
      platformEntry(name, wanting.optionalDependencies?.[name] ?? "", wanting.dev === true),
    ];
  });
  const all = [...Object.entries(packages), ...added];
  return Object.fromEntries(all.sort(([a], [b]) => a.localeCompare(b, "en")));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const file = path.resolve(import.meta.dirname, "../package-lock.json");
  const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
  const missing = missingOptional(lock.packages).map(({ name }) => name);
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: complete(lock.packages) }, null, 2)}\n`);
  console.log(missing.length === 0 ? "nothing was missing" : `added ${missing.join(", ")}`);
}
