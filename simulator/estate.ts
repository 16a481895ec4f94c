/** A large lakehouse by numbers, for measuring: so many jobs and Delta tables, each job with what it reads and writes. */
import { openRandom } from "./random.ts";
import type { Program, Step, Table, World } from "./world.ts";

/** How large. */
export interface EstateSize {
  jobs: number;
  tables: number;
  /** Data files that a read takes: the more, the more lines. */
  filesRead: number;
}

/** Makes a world. The same size and seed give the same. */
export function estate({ jobs, tables, filesRead }: EstateSize, seed: string): World {
  const random = openRandom(`${seed}/estate`);
  const account = (index: number): string => `stestate${index % 3}`;
  const all: Table[] = Array.from({ length: tables }, (_, index) => ({
    name: `estate.layer${index % 4}.t${index}`,
    format: "delta",
    folder: { account: account(index), container: "lake", path: `layer${index % 4}/t${index}` },
    files: Math.min(filesRead * 2, 200),
    fileBytes: 8_000_000,
  }));
  const name = (): string => random.pick(all).name;
  const programs: Program[] = Array.from({ length: jobs }, (_, index) => {
    const reads: Step[] = Array.from({ length: random.between(1, 4) }, () => ({
      does: "read",
      from: name(),
      files: filesRead,
    }));
    const writes: Step = random.chance(0.3) ? { does: "merge", to: name() } : { does: "append", to: name(), files: 2 };
    return { task: `job${index}/main`, steps: [...reads, writes] };
  });
  return {
    subscription: "9c1f2a64-5b7e-4d0c-8f55-0a7d4a5e9b13",
    tenant: "77fb2c0a-9f29-478f-acd7-fb5e6967d9e8",
    region: "uksouth",
    accounts: [0, 1, 2].map((index) => ({ name: account(index), resourceGroup: "rg-estate", logged: true })),
    tables: all,
    places: [],
    mounts: [],
    programs,
    visits: [],
    notebooks: [],
    renamings: [],
    consoleJobs: [],
  };
}
