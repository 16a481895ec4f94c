/** `headgate lineage harvest`: logs in, OpenLineage events out as NDJSON. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import { createHarvest } from "../../lineage/harvest/harvest.ts";
import type { CliContext } from "../context.ts";
import { harvestText } from "../print/harvest.ts";
import { safe } from "../print/safe.ts";
import { findLogFiles, readLogFile, unpacked } from "./log-files.ts";

export interface HarvestFlags {
  stats?: string;
}

/** What the file system says, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  Z_BUF_ERROR: "the packed file ends too early",
  Z_DATA_ERROR: "the packed file is damaged",
};

export default async function harvest(context: CliContext, flags: HarvestFlags, ...names: string[]): Promise<number> {
  let out = "";
  const harvesting = createHarvest((event) => {
    out += `${event}\n`;
  });
  /** Writes what was found. @returns false when nobody reads any more */
  const flush = async (): Promise<boolean> => {
    if (out === "") return true;
    context.stdout.write(out);
    out = "";
    return (await context.stdout.drained?.()) ?? true;
  };
  const { files, faults } = await findLogFiles(context.cwd, names);
  const fail = ({ name, error }: { name: string; error: unknown }): void => {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const reason = REASONS[code] ?? message;
    context.stderr.write(`cannot read ${safe(name)}: ${safe(reason)}\n`);
  };
  faults.forEach(fail);

  let failed = faults.length;
  let wanted = true;
  for (const name of files) {
    if (!wanted) break;
    const reader = harvesting.open("bytes");
    try {
      const source = name === "-" ? context.stdin : readLogFile(context.cwd, name);
      if (source === undefined) throw new Error("there is no input");
      for await (const bytes of unpacked(source)) {
        context.signal.throwIfAborted();
        reader.chunk(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1"));
        wanted = await flush();
        if (!wanted) break;
      }
    } catch (error) {
      if (context.signal.aborted) throw error;
      failed += 1;
      fail({ name: name === "-" ? "the input" : name, error });
    }
    reader.end();
    wanted = (await flush()) && wanted;
  }

  const { counts } = harvesting;
  const json = `${JSON.stringify(counts)}\n`;
  if (flags.stats !== undefined) {
    const file = path.resolve(context.cwd, flags.stats);
    await writeFile(file, json).catch((error: Error) => {
      throw new HeadgateError("input_invalid", `cannot write ${flags.stats}: ${error.message}`, { cause: error });
    });
  }
  if (context.format === "json") context.stderr.write(json);
  else if (!context.globals.quiet) context.stderr.write(harvestText(counts));
  return failed === 0 ? 0 : 1;
}
