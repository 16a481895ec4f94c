/** The commands of the jobs room: what each takes, its help, and the file that carries it out. */
import { text, time, wholeNumber } from "../values.ts";
import { room, verb } from "../verb.ts";

/** `headgate jobs …`. */
export const JOBS = room("declares jobs, shows what differs in the workspace, and changes it", {
  cron: verb({
    brief: "explains a Quartz schedule: in words, with its next starts",
    description: "Quartz expressions have six or seven fields: second minute hour day month weekday [year].",
    examples: [
      ['jobs cron "0 30 2 ? * MON-FRI" --timezone Europe/London', "weekdays at 02:30, London time"],
      ['jobs cron "0 0 6 L * ?" --count 12 --json', "the next twelve month ends, for a program"],
    ],
    load: () => import("./cron.ts"),
    parameters: {
      flags: {
        timezone: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "Z",
          brief: "zone of the schedule, default UTC",
        },
        after: {
          kind: "parsed",
          parse: time,
          optional: true,
          placeholder: "T",
          brief: "starts after this time, default now",
        },
        count: { kind: "parsed", parse: wholeNumber(1), default: "5", placeholder: "N", brief: "how many starts" },
      },
      positional: {
        kind: "array",
        minimum: 1,
        parameter: { brief: "the expression", placeholder: "EXPR", parse: text },
      },
    },
  }),
});
