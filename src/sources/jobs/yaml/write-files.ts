/** Writes declarations to new files, one a job; what is there already is never overwritten. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { HeadgateError } from "../../../errors.ts";
import type { JobSettings } from "../../../model/job.ts";
import { writeJobsYaml } from "./write.ts";

/**
 * Writes each job to `<out>/<resource>.yml` (with a number added where that is taken).
 * @param options `dir`: project folder; `out`: folder, relative to it or absolute
 * @returns the files, relative to the project, in order
 * @throws HeadgateError `input_invalid` where a file cannot be written
 */
export async function writeJobFiles(
  jobs: readonly { resource: string; settings: JobSettings }[],
  options: { dir: string; out: string },
): Promise<string[]> {
  const folder = resolve(options.dir, options.out);
  const files: string[] = [];
  for (const job of jobs) files.push(relative(options.dir, await writeNew(folder, job)));
  return files;
}

async function writeNew(folder: string, job: { resource: string; settings: JobSettings }): Promise<string> {
  const text = writeJobsYaml([job]);
  for (let n = 1; ; n++) {
    const file = join(folder, n === 1 ? `${job.resource}.yml` : `${job.resource}-${n}.yml`);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(file, text, { flag: "wx" });
      return file;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === "EEXIST") continue;
      throw new HeadgateError("input_invalid", `${file} cannot be written: ${message}`, {
        cause: error,
        permanent: true,
      });
    }
  }
}
