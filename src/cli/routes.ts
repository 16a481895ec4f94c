/** The map of all commands: what each takes, and where it lives. Nothing of a command is loaded before it runs. */
import { JOBS } from "./jobs/routes.ts";
import { LINEAGE } from "./lineage/routes.ts";
import { RUNS } from "./runs/routes.ts";
import { STORE } from "./store/routes.ts";
import { TOKEN } from "./token/routes.ts";
import { choice, text, wholeNumber } from "./values.ts";
import { room, verb } from "./verb.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
const FILES = ["config", "jobs", "processes"] as const;

/** Everything after `headgate`. */
export const ROUTES = room("declares the jobs of a lakehouse, watches their runs, and traces the data they move", {
  init: verb({
    brief: "makes a small working project",
    description: "Files that exist stay as they are.",
    examples: [
      ["init sales", "a project in the folder sales; host and token come from the environment"],
      [
        "init sales --host https://adb-111.11.azuredatabricks.net --profile DEV",
        "signs in by a profile of ~/.databrickscfg",
      ],
      ["init --from lakeflow-meta ../old sales", "a project of the metadata files in ../old; also dsc and bundle"],
    ],
    load: () => import("./init.ts"),
    parameters: {
      flags: {
        name: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "NAME",
          brief: "name of the project (default: the folder's)",
        },
        host: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "URL",
          brief: "address of the workspace (default: DATABRICKS_HOST when it runs)",
        },
        profile: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "PROFILE",
          brief: "profile of ~/.databrickscfg (default: DATABRICKS_TOKEN when it runs)",
        },
        from: {
          kind: "parsed",
          parse: choice(["lakeflow-meta", "dsc", "bundle"]),
          optional: true,
          placeholder: "ORIGIN",
          brief: "convert a project of lakeflow-meta, dsc or bundle: its path comes before DIR",
        },
      },
      positional: {
        kind: "array",
        maximum: 2,
        parameter: { brief: "folder of the project (default: this one)", placeholder: "DIR", parse: text },
      },
    },
  }),
  demo: verb({
    brief: "plays a week of a small lakehouse on this machine, and serves its page",
    description: [
      "A fake workspace, a project of 12 jobs in a folder (--dir, else headgate-demo here), planned, applied, a week",
      "of runs, drift after an edit. The workspace answers your own commands while the page is served.",
    ].join("\n"),
    examples: [
      ["demo", "the story, then an address for the browser; Ctrl-C ends it"],
      ["demo --headless", "ends with the summary as JSON"],
      ["demo --dir /tmp/lakehouse --port 4700", "in a folder and at a port of your choice"],
    ],
    load: () => import("./demo.ts"),
    parameters: {
      flags: {
        port: {
          kind: "parsed",
          parse: wholeNumber(0),
          optional: true,
          placeholder: "PORT",
          brief: "port of the page (default: 4600 or the next free)",
        },
        headless: {
          kind: "boolean",
          default: false,
          withNegated: false,
          brief: "end with the summary instead of serving the page",
        },
      },
    },
  }),
  look: verb({
    brief: "shows what runs in a workspace, read-only, with or without a project",
    description: "Jobs with schedule, owner, who manages them, next starts, last runs, and why the red ones are red.",
    examples: [
      ["look --profile DEFAULT", "by a profile of ~/.databrickscfg, without a project"],
      ["look --html look.html", "the target's workspace as one file to send around"],
    ],
    load: () => import("./look.ts"),
    parameters: {
      flags: {
        host: { kind: "parsed", parse: text, optional: true, placeholder: "URL", brief: "workspace to look at" },
        profile: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "PROFILE",
          brief: "profile of ~/.databrickscfg",
        },
        html: { kind: "parsed", parse: text, optional: true, placeholder: "FILE", brief: "write one HTML file too" },
      },
    },
  }),
  jobs: JOBS,
  runs: RUNS,
  lineage: LINEAGE,
  doctor: verb({
    brief: "checks config, declarations, credentials, rights, clock and store",
    description: "Where a right is missing the grant to ask for is named. Ends with 0, 1, 65 (config) or 77 (rights).",
    examples: [
      ["doctor -t prod", "everything that apply needs in prod"],
      [
        "doctor -t scratch --probe",
        "makes a paused job, compares the service with what headgate knows of it, deletes the job",
      ],
    ],
    load: () => import("./doctor.ts"),
    parameters: {
      flags: {
        probe: {
          kind: "boolean",
          default: false,
          withNegated: false,
          brief: "make one paused job, compare the service with what headgate knows of it, delete the job",
        },
      },
    },
  }),
  serve: verb({
    brief: "serves the page and the API for one target",
    description:
      "Prints an address that signs a browser in once. Writes need a token; applying over HTTP is off unless server.apply is set.",
    examples: [
      ["serve", "at server.listen of headgate.yaml, 127.0.0.1:4600 by default"],
      ["serve -t prod --listen 127.0.0.1:0", "on any free port"],
    ],
    load: () => import("./serve.ts"),
    parameters: {
      flags: {
        listen: { kind: "parsed", parse: text, optional: true, placeholder: "HOST:PORT", brief: "where to listen" },
      },
    },
  }),
  token: TOKEN,
  store: STORE,
  schema: verb({
    brief: "prints the JSON Schema of a file, for editors",
    examples: [
      [
        "schema config > .headgate/config.schema.json",
        "then in headgate.yaml: # yaml-language-server: $schema=.headgate/config.schema.json",
      ],
      ["schema jobs", "of jobs/*.yml"],
    ],
    load: () => import("./schema.ts"),
    parameters: {
      positional: {
        kind: "tuple",
        parameters: [
          {
            brief: "config, jobs or processes",
            placeholder: "WHAT",
            parse: choice(FILES),
            proposeCompletions: () => FILES,
          },
        ],
      },
    },
  }),
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
