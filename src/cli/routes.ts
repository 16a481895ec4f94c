/** The map of all commands: what each takes, and where it lives. Nothing of a command is loaded before it runs. */
import { JOBS } from "./jobs/routes.ts";
import { choice } from "./values.ts";
import { room, verb } from "./verb.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** Everything after `headgate`. */
export const ROUTES = room("declares the jobs of a lakehouse, watches their runs, and traces the data they move", {
  jobs: JOBS,
  completion: verb({
    brief: "prints the completion script of a shell",
    description: "The script is made of this version's commands and flags; make it again after an upgrade.",
    examples: [
      ["completion bash >> ~/.bashrc", "completes headgate in bash"],
      ["completion zsh > ~/.zfunc/_headgate", "completes headgate in zsh, where ~/.zfunc is in fpath"],
      ["completion fish > ~/.config/fish/completions/headgate.fish", "completes headgate in fish"],
    ],
    formats: ["text"],
    load: () => import("./completion.ts"),
    parameters: {
      positional: {
        kind: "tuple",
        parameters: [
          { brief: "bash, zsh or fish", placeholder: "SHELL", parse: choice(SHELLS), proposeCompletions: () => SHELLS },
        ],
      },
    },
  }),
});
