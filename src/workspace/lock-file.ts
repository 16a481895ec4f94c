/** The files a lock is made of: `lock-<n>.json`, numbered upward, the highest one counts. */
import * as z from "zod";
import { HeadgateError } from "../errors.ts";
import { formatJson } from "../util/int64-json.ts";
import type { WorkspaceFiles } from "./workspace.ts";

/** Content of a lock file. Times are UTC texts of the service's clock. */
export const LockRecord = z.object({
  /** Random, made by the taker: a taker whose answer was lost knows its own file by it. */
  id: z.string(),
  /** The fencing number. */
  n: z.number().int(),
  holder: z.string(),
  host: z.string(),
  pid: z.number().int(),
  commit: z.string().nullable(),
  at: z.string(),
  expires: z.string(),
  released: z.boolean(),
});
export type LockRecord = z.infer<typeof LockRecord>;

/** What the file of a number says. `unreadable`: it is there, but is no lock record. */
export type LockReading = { kind: "none" } | { kind: "record"; record: LockRecord } | { kind: "unreadable" };

/** See {@link lockFiles}. */
export interface LockFiles {
  pathOf(n: number): string;
  /** Numbers of the lock files that are listed, ascending. */
  numbers(): Promise<number[]>;
  read(n: number): Promise<LockReading>;
  /** Makes the file of `record.n` if there is none: true when it holds this record afterwards, whoever's answer was lost. */
  create(record: LockRecord): Promise<boolean>;
  write(record: LockRecord): Promise<void>;
  remove(n: number): Promise<void>;
}

/** How often an answer to a creation may be lost before we give up. */
const LOST_ANSWERS = 5;

/** The lock files of a folder. */
export function lockFiles(files: WorkspaceFiles, folder: string): LockFiles {
  const pathOf = (n: number) => `${folder}/lock-${n}.json`;
  const textOf = (record: LockRecord) => `${formatJson(record, 1)}\n`;

  async function read(n: number): Promise<LockReading> {
    const text = await files.read(pathOf(n));
    if (text === undefined) return { kind: "none" };
    const parsed = LockRecord.safeParse(jsonOf(text));
    return parsed.success ? { kind: "record", record: parsed.data } : { kind: "unreadable" };
  }

  async function create(record: LockRecord): Promise<boolean> {
    for (let lost = 0; ; lost++) {
      try {
        if (await files.createNew(pathOf(record.n), textOf(record))) return true;
      } catch (error) {
        // The answer is lost, the effect may be there: the id in the file tells.
        if (!(error instanceof HeadgateError) || error.data?.sent !== true || error.code === "interrupted") throw error;
        if (lost >= LOST_ANSWERS) throw error;
        const found = await read(record.n);
        if (found.kind === "none") continue;
        return found.kind === "record" && found.record.id === record.id;
      }
      const found = await read(record.n);
      return found.kind === "record" && found.record.id === record.id;
    }
  }

  return {
    pathOf,
    read,
    create,
    numbers: async () => {
      const names = await files.list(folder);
      const numbers = names.flatMap((name) => Number(/^lock-(\d+)\.json$/.exec(name)?.[1] ?? Number.NaN));
      return numbers.filter((n) => !Number.isNaN(n)).sort((a, b) => a - b);
    },
    write: (record) => files.write(pathOf(record.n), textOf(record)),
    remove: (n) => files.remove(pathOf(n)),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
