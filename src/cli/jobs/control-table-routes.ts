/** The commands of the control table: what each takes, its help, and the file that carries it out. */
import { text } from "../values.ts";
import { room, verb } from "../verb.ts";

const table = {
  kind: "parsed",
  parse: text,
  optional: true,
  placeholder: "T",
  brief: "catalog.schema.table (default: that of the project's control-table source)",
} as const;

/** `headgate jobs control-table …`. */
export const CONTROL_TABLE = room("makes, loads and shows a control table of lakeflow_jobs_meta", {
  create: verb({
    brief: "makes the control table and its tracking table where they are not there",
    examples: [["jobs control-table create", "the columns of v0.2; repeating it changes nothing"]],
    load: () => import("./control-table/create.ts"),
    parameters: { flags: { table } },
  }),
  load: verb({
    brief: "loads YAML files into the table: all of them, or nothing",
    description: "Tasks that a job no longer has leave the table; jobs that are in no file are named and left alone.",
    examples: [
      ["jobs control-table load metadata/", "every YAML file of a folder"],
      ["jobs control-table load sales.yml --table main.etl.control", "one file, into this table"],
    ],
    load: () => import("./control-table/load.ts"),
    parameters: {
      flags: { table },
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { brief: "file or folder, relative to the project", placeholder: "FILE", parse: text },
      },
    },
  }),
  show: verb({
    brief: "shows the rows of the table, and the jobs they became",
    examples: [
      ["jobs control-table show", "a line a row"],
      ["jobs control-table show --json", "every column, for a program"],
    ],
    load: () => import("./control-table/show.ts"),
    parameters: { flags: { table } },
  }),
});
