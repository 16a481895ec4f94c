/** The commands of data movement: what each takes, its help, and the file that carries it out. */
import { text, time } from "../values.ts";
import { room, verb } from "../verb.ts";
import { MOMENT_FLAGS } from "./question-flags.ts";
import { QUESTION_VERBS } from "./question-routes.ts";
import { waveCapacity } from "./wave-capacity.ts";

/** A flag that takes files or folders and may be given several times. */
const paths = (brief: string) => ({ kind: "parsed", parse: text, variadic: true, placeholder: "PATH", brief }) as const;

/** `headgate lineage …`. */
export const LINEAGE = room("reads what moved data from what already exists", {
  attribute: verb({
    brief: "says which job reads and writes which table, from storage access logs",
    description: [
      "Joins Azure storage access logs (StorageRead, StorageWrite, StorageDelete) with the cluster ids of job runs and the",
      "locations of tables. Needs no project. Every file is recognised by what is in it, so folders may be given whole:",
      "answers of the Jobs and Clusters APIs, CSV of tables, partitions or mounts (UCX among them), the External Metastore",
      "Inventory, DESCRIBE dumps. Writes edges.ndjson, unattributed.ndjson and coverage.json into --out. What only several",
      "jobs explain is one line with its candidates, never a guess.",
    ].join("\n"),
    examples: [
      [
        "lineage attribute --logs insights-logs-* --runs runs/ --inventory tables.csv partitions.csv --out lineage",
        "logs as Azure Monitor writes them, answers of jobs/runs/list with expand_tasks, one CSV",
      ],
      [
        "lineage attribute --logs logs --runs api --inventory ucx --clusters api/clusters.json --mounts mounts.csv --out lineage --json",
        "the summary as JSON",
      ],
      [
        "lineage attribute --logs logs --runs api --inventory ucx --from 2026-09-14 --to 2026-09-15 --out lineage",
        "one day of the logs",
      ],
    ],
    load: () => import("./attribute.ts"),
    parameters: {
      flags: {
        logs: paths("storage access logs; JSON lines, plain, .gz or .zst (repeatable)"),
        runs: paths("answers of jobs/runs/list or get, and of jobs/list (repeatable)"),
        inventory: paths("tables and partitions with their locations (repeatable)"),
        clusters: { ...paths("answers of clusters/list (repeatable)"), optional: true },
        mounts: { ...paths("mounts of the workspace (repeatable)"), optional: true },
        from: { kind: "parsed", parse: time, optional: true, placeholder: "TIME", brief: "only requests from then on" },
        to: { kind: "parsed", parse: time, optional: true, placeholder: "TIME", brief: "only requests before then" },
        out: { kind: "parsed", parse: text, placeholder: "DIR", brief: "folder for the results, made where missing" },
      },
      positional: {
        kind: "array",
        parameter: { brief: "more files or folders of any of these kinds", placeholder: "PATH", parse: text },
      },
    },
  }),
  doctor: verb({
    brief: "says what a log file is made of, and what can be had from it",
    description: [
      "The dialects in one file (storage access logs, OpenLineage events in any text, CloudWatch answers, dumps of runs and",
      "tables), lines that cannot be read with their numbers, and of access logs how much carries a cluster id, how much can",
      "be given to jobs, and how long a full run will take. Needs no project; in one, its runs and tables are used.",
    ].join("\n"),
    examples: [
      ["lineage doctor PT1H.json", "one blob of access logs"],
      ["lineage doctor driver.stderr.log --json", "as JSON"],
    ],
    load: () => import("./doctor.ts"),
    parameters: {
      positional: { kind: "tuple", parameters: [{ brief: "the file", placeholder: "FILE", parse: text }] },
    },
  }),
  ingest: verb({
    brief: "brings what the sources hold into the store",
    description: [
      "Reads the sources under lineage.sources: access logs, files of OpenLineage events, Unity Catalog's own lineage. What",
      "is in the store already is not read again; a log that grew, a late one, another inventory, other runs make exactly",
      "the days they touch be computed anew. It may be interrupted anywhere and run again. Access logs are attributed by",
      "the runs of the workspace, or of the files under lineage.runs, and by the tables of lineage.inventory. Ends with 75",
      "when all that failed may succeed next time.",
    ].join("\n"),
    examples: [
      ["lineage ingest", "all sources, once"],
      ["lineage ingest --source storage-logs --since 2026-11-01", "one of them, only days from then on"],
      ["lineage ingest --follow --interval 5m", "again every five minutes"],
    ],
    load: () => import("./ingest.ts"),
    parameters: {
      flags: {
        source: {
          kind: "parsed",
          parse: text,
          variadic: true,
          optional: true,
          placeholder: "NAME",
          brief: "only this source (repeatable)",
        },
        since: { kind: "parsed", parse: time, optional: true, placeholder: "TIME", brief: "only days from then on" },
        until: { kind: "parsed", parse: time, optional: true, placeholder: "TIME", brief: "only days before then" },
        follow: { kind: "boolean", default: false, withNegated: false, brief: "go on until interrupted" },
        interval: {
          kind: "parsed",
          parse: text,
          default: "15s",
          placeholder: "DURATION",
          brief: "pause between two passes of --follow",
        },
      },
    },
  }),
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
  ...QUESTION_VERBS,
  waves: verb({
    brief: "plans in which waves jobs and tables can be migrated",
    description: [
      "Puts every job and table that the store knows, or those of --edges, into one wave: a table moves with the jobs that",
      "write it, and a wave before those that read it. Jobs that feed one another, or write the same table, are one group;",
      "hubs are the tables that glue most of them together. What only may be (ambiguous edges, maintenance) orders groups",
      "too, but gives way, and is listed. The same input, in any order, gives the same plan. Without --edges the store of the",
      "project is read (headgate lineage ingest fills it); outside of a project, edges.ndjson in the current folder.",
    ].join("\n"),
    examples: [
      ["lineage waves", "what the store knows, in as few waves as the dependencies allow"],
      ["lineage waves --edges lineage/edges.ndjson", "the edges of an attribution, without a project"],
      [
        "lineage waves --edges lineage/edges.ndjson --capacity jobs=50,tables=200,bytes=2TB --inventory tables.csv",
        "no wave larger than that; sizes of tables, and tables nobody touched, from the inventory",
      ],
      [
        "lineage waves --edges lineage/edges.ndjson --pins pins.yml --json",
        "jobs and tables in given waves or left out (exclude), the plan as JSON",
      ],
    ],
    load: () => import("./waves.ts"),
    parameters: {
      flags: {
        edges: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "edges that lineage attribute wrote, instead of the store; - is the input",
        },
        inventory: { ...paths("tables; views are left out (repeatable)"), optional: true },
        pins: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "FILE",
          brief: "YAML: pins: { jobs, tables: a wave or exclude, freeze: [{ from, to }] }",
        },
        capacity: {
          kind: "parsed",
          parse: waveCapacity,
          optional: true,
          placeholder: "LIMITS",
          brief: "most of a wave: jobs=50,tables=200,bytes=2TB",
        },
        ...MOMENT_FLAGS,
      },
    },
  }),
});
