/** The commands of the store: what each takes, its help, and the file that carries it out. */
import { text } from "../values.ts";
import { room, verb } from "../verb.ts";

/** `headgate store …`. */
export const STORE = room("looks after the project's database", {
  migrate: verb({
    brief: "brings the store up to date",
    description: "SQLite stores are migrated by themselves, after a copy; Postgres only by this command.",
    examples: [["store migrate -t prod", "runs the migrations that are missing; repeating it changes nothing"]],
    load: () => import("./migrate.ts"),
    parameters: {},
  }),
  backup: verb({
    brief: "copies a SQLite store while it is in use",
    examples: [["store backup /backups/headgate.db", "a consistent copy; the file must not exist yet"]],
    load: () => import("./backup.ts"),
    parameters: {
      positional: {
        kind: "tuple",
        parameters: [
          { brief: "the copy (default: headgate-TIME.db here)", placeholder: "FILE", parse: text, optional: true },
        ],
      },
    },
  }),
});
