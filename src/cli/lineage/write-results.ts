/** Writes the files of a result so that nobody ever sees half of one. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HeadgateError } from "../../errors.ts";

/**
 * Writes all files beside their places first, then puts each into its place: a fault while writing leaves the former
 * results as they were.
 * @param files text by name
 * @throws HeadgateError `input_invalid` where the folder cannot be written
 */
export function writeResults(folder: string, files: Readonly<Record<string, string>>): void {
  const parts = Object.entries(files).map(([name, text]) => ({
    text,
    part: path.join(folder, `.${name}.${process.pid}.part`),
    whole: path.join(folder, name),
  }));
  const made: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const { part, text } of parts) {
      made.push(part);
      writeFileSync(part, text);
    }
    for (const { part, whole } of parts) renameSync(part, whole);
  } catch (error) {
    for (const part of made) rmSync(part, { force: true });
    throw new HeadgateError("input_invalid", `${folder} cannot be written`, {
      hint: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}
