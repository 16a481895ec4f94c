/** A small sample to start from: a process file, and the notebooks that call us from Databricks and Data Factory. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { HeadgateError } from "../errors.ts";
import { NOTEBOOKS } from "./sample-notebooks.ts";

const PROCESS = `# Registered with: headgate runs register
processes:
  - project: CORP
    process: HR_DAILY
    name: HR daily load
    owner: HR team
    loadFrequency: D
    timezone: Europe/London
    deadline: { by: "06:30", days: business }
    tasks:
      - { workflowId: 1, taskId: 1, sequenceId: 2, name: Load Employees, sourceType: DBX_NOTEBOOK,
          sourceIdentifier: /etl/employees, sourceSystemCode: LoadEmployees, expectedSeconds: 900 }
      - { workflowId: 1, taskId: 2, sequenceId: 3, name: Employee dimension, sourceType: DBX_NOTEBOOK,
          sourceIdentifier: /etl/dim_employee }
    parameters:
      - { name: LoadEmployees, type: DELTA_DATE, lookbackSeconds: 300 }
`;

/**
 * Writes the sample into a folder, which may not exist yet.
 * @returns the files, absolute
 * @throws HeadgateError `input_invalid` where one of the files is there already: nothing is written over
 */
export async function writeSample(directory: string): Promise<string[]> {
  const files: [string, string][] = [[path.join("processes", "hr.yml"), PROCESS], ...NOTEBOOKS];
  const written: string[] = [];
  for (const [name, text] of files) {
    const file = path.resolve(directory, name);
    await mkdir(path.dirname(file), { recursive: true });
    try {
      await writeFile(file, text, { flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      throw new HeadgateError("input_invalid", `${file} is there already`, {
        hint: "Give an empty folder.",
        permanent: true,
        cause: error,
      });
    }
    written.push(file);
  }
  return written;
}
