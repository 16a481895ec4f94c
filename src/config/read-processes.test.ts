/** Files of processes: what they declare, and their faults with places. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { formatProblem } from "../model/problem.ts";
import { readProcesses } from "./read-processes.ts";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function read(files: Record<string, string>) {
  const dir = await mkdtemp(path.join(tmpdir(), "headgate-processes-"));
  folders.push(dir);
  await mkdir(path.join(dir, "processes"));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, "processes", name), text);
  return readProcesses(dir, ["processes/*.yml"]);
}

const GOOD = `processes:
  - project: CORP
    process: HR_DAILY
    name: HR daily load
    loadFrequency: D
    timezone: Europe/London
    deadline: { by: "06:30", days: business }
    tasks:
      - { workflowId: 1, taskId: 1, sequenceId: 2, name: Load Employees, sourceType: DBX_NOTEBOOK, sourceIdentifier: /etl/employees,
          sourceSystemCode: LoadEmployees, mandatory: true, expectedSeconds: 900, expect: { rowsWritten: ">= 1" } }
    parameters:
      - { name: LoadEmployees, type: DELTA_DATE, lookbackSeconds: 0 }
`;

describe("files of processes", () => {
  it("declare processes with their tasks and parameters, and stages of their own", async () => {
    const own = `sequences:\n  - { sequenceId: 25, sequenceCode: AUDIT, sortOrder: 3 }\n`;
    const { processes, sequences, problems } = await read({ "hr.yml": GOOD, "own.yml": own });
    expect(problems).toEqual([]);
    expect(processes).toHaveLength(1);
    expect(processes[0]).toMatchObject({
      projectCode: "CORP",
      processLoad: "HR_DAILY",
      details: { timezone: "Europe/London", deadline: { by: "06:30", days: "business" } },
      tasks: [{ taskId: 1, sequenceId: 2, expect: { rowsWritten: ">= 1" } }],
      parameters: [{ name: "LoadEmployees", type: "DELTA_DATE" }],
    });
    expect(sequences).toEqual([{ sequenceId: 25, sequenceCode: "AUDIT", sortOrder: 3 }]);
  });

  it("name every fault with its place, at once", async () => {
    const { problems } = await read({
      "a.yml": `processes:
  - project: CORP
    process: HR
    loadFreqency: D
    timezone: Europe/Londn
    deadline: { by: "25:00" }
    tasks:
      - { workflowId: 1, taskId: one, sequenceId: 2, name: x }
`,
      "b.yml": `processes:
  - project: CORP
    process: HR
    loadFrequency: daily
    tasks: [
`,
    });
    expect(problems.map(formatProblem)).toEqual([
      "processes/a.yml:4:5 processes[0].loadFreqency: this key is not known — did you mean loadFrequency?",
      "processes/a.yml:5:5 processes[0].timezone: there is no such time zone",
      "processes/a.yml:6:17 processes[0].deadline.by: expected a time of day, as in 06:30",
      "processes/a.yml:8:26 processes[0].tasks[0].taskId: expected a number, found 'one'",
      expect.stringContaining("processes/b.yml:5:13 "),
    ]);
  });

  it("are checked against one another: names that occur twice, references that lead nowhere", async () => {
    const { problems } = await read({
      "a.yml": GOOD,
      "b.yml": `processes:
  - project: CORP
    process: HR_DAILY
    tasks:
      - { workflowId: 1, taskId: 1, sequenceId: 2, name: Load }
      - { workflowId: 1, taskId: 1, sequenceId: 8, name: Load }
      - { workflowId: 1, taskId: 2, sequenceId: 30, name: Other, sourceSystemCode: LoadEmploees, expect: { rows: many } }
      - { workflowId: 0, taskId: 4, sequenceId: 1, name: Wrong }
    parameters:
      - { name: LoadEmployees, type: DELTA_DATE }
      - { name: SYSDT, type: FLAG }
sequences:
  - { sequenceId: 3, sequenceCode: MINE }
`,
    });
    expect(problems.map(formatProblem)).toEqual([
      "processes/b.yml:3:5 processes[0].process: CORP/HR_DAILY is declared already, at processes/a.yml:2",
      "processes/b.yml:6:26 processes[0].tasks[1].taskId: the task 1/1 is there already, at processes/b.yml:5",
      "processes/b.yml:6:37 processes[0].tasks[1].sequenceId: there is no stage 8 — 0 to 6 are built in; declare others from 10 on under 'sequences'",
      "processes/b.yml:6:52 processes[0].tasks[1].name: 'Load' is also the name of the task at processes/b.yml:5",
      "processes/b.yml:7:37 processes[0].tasks[2].sequenceId: there is no stage 30 in these files — 0 to 6 are built in; declare others from 10 on under 'sequences'",
      "processes/b.yml:7:66 processes[0].tasks[2].sourceSystemCode: the process declares no parameter LoadEmploees — did you mean LoadEmployees?",
      `processes/b.yml:7:108 processes[0].tasks[2].expect.rows: 'many' is no expectation — write a comparison, as in ">= 1"`,
      "processes/b.yml:8:37 processes[0].tasks[3].sequenceId: workflow 0 and sequence 0 are those of task 0, which stands for the run as a whole — number your tasks from workflow 1 on",
      "processes/b.yml:11:24 processes[0].parameters[1].type: SYSDT is the only parameter of type SYSTEM, and is nothing else",
      "processes/b.yml:13:7 sequences[0].sequenceId: numbers below 10 are built in",
    ]);
  });

  it("that are not there are said to be missing, as a warning", async () => {
    const { processes, problems } = await read({});
    expect(processes).toEqual([]);
    expect(problems).toMatchObject([{ severity: "warning", code: "no_files" }]);
  });
});
