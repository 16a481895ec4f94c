/** The commands of data movement: what each takes, its help, and the file that carries it out. */
import { text } from "../values.ts";
import { room, verb } from "../verb.ts";

/** `headgate lineage …`. */
export const LINEAGE = room("reads what moved data from what already exists", {
  harvest: verb({
    brief: "finds OpenLineage events in logs and writes them as NDJSON",
    description: [
      "Takes log files, gzip, CloudWatch answers (FilterLogEvents, GetLogEvents, exports), folders with all below them,",
      "patterns, and - for the input. Events come out as they were logged, each once; needs no project. Figures go to",
      "stderr. Ends with 1 when something could not be read; the rest is harvested all the same.",
    ].join("\n"),
    examples: [
      ["lineage harvest driver.stderr.log > events.ndjson", "what a Spark job's listener printed"],
      ['lineage harvest logs/ "export/**/*.gz" --stats stats.json', "folders and patterns, figures in a file"],
      [
        "lineage harvest - --quiet < answer.json",
        "the answer of aws logs filter-log-events; parts of an event are joined stream by stream",
      ],
    ],
    load: () => import("./harvest.ts"),
    parameters: {
      flags: {
        stats: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "write the figures as JSON too",
        },
      },
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { brief: "log files, folders or patterns; - is the input", placeholder: "PATH", parse: text },
      },
    },
  }),
});
