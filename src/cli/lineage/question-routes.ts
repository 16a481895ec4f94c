/** The commands that ask the store about data movement: what each takes, its help, and the file that carries it out. */
import { choice, text, wholeNumber } from "../values.ts";
import { verb } from "../verb.ts";
import { day, MOMENT_FLAGS, stepsFlag } from "./question-flags.ts";

const NODE = {
  brief: "a table or job: its name or the end of it, job id, resource, or the ref of an answer",
  placeholder: "NODE",
  parse: text,
};
const ASKS_STORE = "Asks the store of the project; headgate lineage ingest brings the sources into it.";

/** Commands by their word. */
export const QUESTION_VERBS = {
  graph: verb({
    brief: "shows what is around a table or job",
    description: [
      "So many steps both ways, the most certain neighbours first; the rest is counted. Edges run with the data: a table,",
      `the job that reads it, the table it writes. ${ASKS_STORE}`,
    ].join("\n"),
    examples: [
      ["lineage graph sales.orders --depth 2", "two steps both ways; the end of a name is enough where it fits one"],
      ["lineage graph nightly_sales --direction down --at 2026-11-01", "a resource of this project, as it was then"],
      ["lineage graph sales.orders --draw mermaid", "for a page of documentation; dot is for Graphviz"],
    ],
    load: () => import("./graph.ts"),
    parameters: {
      flags: {
        depth: stepsFlag("steps in each direction; default: 1"),
        direction: {
          kind: "parsed",
          parse: choice(["both", "up", "down"] as const),
          default: "both",
          placeholder: "WAY",
          brief: "both, up (where it comes from) or down",
        },
        fold: {
          kind: "parsed",
          parse: wholeNumber(1),
          optional: true,
          placeholder: "COUNT",
          brief: "neighbours of a node before the rest is counted; default: 12",
        },
        draw: {
          kind: "parsed",
          parse: choice(["dot", "mermaid"] as const),
          optional: true,
          placeholder: "LANGUAGE",
          brief: "dot or mermaid instead of text",
        },
        ...MOMENT_FLAGS,
      },
      positional: { kind: "tuple", parameters: [NODE] },
    },
  }),
  trace: verb({
    brief: "lists all that a table or job comes from, or feeds, nearest first",
    description: `Each with the shortest way there and how certain it is. ${ASKS_STORE}`,
    examples: [
      ["lineage trace mart.revenue", "every table and job it comes from"],
      ["lineage trace raw.orders --direction down --depth 3", "three steps with the data"],
      ["lineage trace mart.revenue --json", "ids of the way in path, for programs"],
    ],
    load: () => import("./trace.ts"),
    parameters: {
      flags: {
        direction: {
          kind: "parsed",
          parse: choice(["up", "down"] as const),
          default: "up",
          placeholder: "WAY",
          brief: "up (where it comes from) or down",
        },
        depth: stepsFlag("steps; all the way when absent"),
        ...MOMENT_FLAGS,
      },
      positional: { kind: "tuple", parameters: [NODE] },
    },
  }),
  impact: verb({
    brief: "lists the jobs and tables that depend on a table or job",
    description: [
      "Everything downstream with the way there, jobs first. That nobody is known to read a table does not say that nobody",
      `does: headgate lineage coverage tells what cannot be seen. ${ASKS_STORE}`,
    ].join("\n"),
    examples: [
      ["lineage impact silver.orders", "who is hurt when it is late or wrong"],
      ["lineage impact 481120933371 --depth 2", "a job by its id, two steps"],
    ],
    load: () => import("./impact.ts"),
    parameters: {
      flags: { depth: stepsFlag("steps; all the way when absent"), ...MOMENT_FLAGS },
      positional: { kind: "tuple", parameters: [NODE] },
    },
  }),
  explain: verb({
    brief: "says why an edge is there: what each source saw, in words",
    description: [
      "Of two nodes the edge between them with its columns; of one node all its edges. Says how certain it is and why, whether",
      `sources agree, and who else it may have been. ${ASKS_STORE}`,
    ].join("\n"),
    examples: [
      ["lineage explain raw.orders enrich_orders", "the edge between a table and a job"],
      ["lineage explain silver.orders", "all that reads or writes it"],
    ],
    load: () => import("./explain.ts"),
    parameters: {
      flags: {
        limit: {
          kind: "parsed",
          parse: wholeNumber(1),
          default: "20",
          placeholder: "COUNT",
          brief: "edges of a node that are explained",
        },
        ...MOMENT_FLAGS,
      },
      positional: {
        kind: "tuple",
        parameters: [NODE, { ...NODE, brief: "the other end of an edge", placeholder: "OTHER", optional: true }],
      },
    },
  }),
  diff: verb({
    brief: "compares the lineage of two days",
    description: `Edges that are new, gone, or seen to be of another kind or certainty. ${ASKS_STORE}`,
    examples: [
      ["lineage diff --from 2026-11-12 --to 2026-11-20", "what has begun or stopped moving data"],
      [
        "lineage diff silver.orders --from 2026-11-12 --to 2026-11-20 --exit-code",
        "only around a table; 2 when it differs",
      ],
    ],
    load: () => import("./diff.ts"),
    parameters: {
      flags: {
        from: { kind: "parsed", parse: day, placeholder: "DAY", brief: "the earlier day" },
        to: { kind: "parsed", parse: day, placeholder: "DAY", brief: "the later day" },
        window: MOMENT_FLAGS.window,
        limit: {
          kind: "parsed",
          parse: wholeNumber(1),
          default: "200",
          placeholder: "COUNT",
          brief: "rows of each list",
        },
        exitCode: { kind: "boolean", default: false, brief: "end with 2 when there are differences" },
      },
      positional: {
        kind: "tuple",
        parameters: [{ ...NODE, brief: "only what touches this table or job", optional: true }],
      },
    },
  }),
  coverage: verb({
    brief: "says what the sources of lineage saw, and what they could not",
    description: `Sources with their days, gaps, ambiguous shares, and tables that no source can see. ${ASKS_STORE}`,
    examples: [
      ["lineage coverage", "how far the graph can be trusted"],
      ["lineage coverage --at 2026-11-01 --json", "as it was then, day by day"],
    ],
    load: () => import("./coverage.ts"),
    parameters: { flags: MOMENT_FLAGS },
  }),
};
