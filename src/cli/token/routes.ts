/** The commands of access tokens: what each takes, its help, and the file that carries it out. */
import { text } from "../values.ts";
import { room, verb } from "../verb.ts";

const SCOPES = ["read", "write", "apply", "admin"] as const;

/** `headgate token …`. */
export const TOKEN = room("gives others access to the server", {
  create: verb({
    brief: "makes an access token; it is shown this once",
    description:
      "read looks, write makes plans, apply changes the workspace, admin gives rights; each includes those before it.",
    examples: [
      ["token create grafana", "may read, does not end by itself"],
      ["token create ci --scope write --expires 90d", "for a pipeline, for 90 days"],
    ],
    load: () => import("./create.ts"),
    parameters: {
      flags: {
        scope: {
          kind: "enum",
          values: SCOPES,
          optional: true,
          variadic: true,
          placeholder: "SCOPE",
          brief: "what it may do, default read",
        },
        expires: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "DURATION",
          brief: "ends so long from now, like 90d",
        },
      },
      positional: { kind: "tuple", parameters: [{ brief: "name of the token", placeholder: "NAME", parse: text }] },
    },
  }),
  list: verb({
    brief: "lists all access tokens, newest first",
    examples: [["token list", "who has access, until when, last used when"]],
    load: () => import("./list.ts"),
    parameters: {},
  }),
  revoke: verb({
    brief: "ends an access token at once",
    examples: [["token revoke ci", "by name or id"]],
    load: () => import("./revoke.ts"),
    parameters: {
      positional: {
        kind: "tuple",
        parameters: [{ brief: "name or id of the token", placeholder: "NAME", parse: text }],
      },
    },
  }),
});
