/** The files of a new project. */

/** What a project may be called. */
export const PROJECT_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** One file of a new project; `append` for a file whose line joins what is there. */
export interface ProjectFile {
  path: string;
  text: string;
  append?: boolean;
}

/**
 * The files of a project that `jobs validate` and `jobs plan` accept as they are.
 * @param settings.host address of the workspace; `DATABRICKS_HOST` at run time when absent
 * @param settings.profile profile of `~/.databrickscfg`; `DATABRICKS_TOKEN` at run time when absent
 */
export function projectFiles(settings: {
  name: string;
  host: string | undefined;
  profile: string | undefined;
}): ProjectFile[] {
  const host = JSON.stringify(settings.host ?? `\${env:DATABRICKS_HOST}`);
  const auth =
    settings.profile === undefined
      ? `{ kind: pat, token: "\${env:DATABRICKS_TOKEN}" }`
      : `{ kind: profile, profile: ${JSON.stringify(settings.profile)} }`;
  return [
    {
      path: "headgate.yaml",
      text: `# What headgate manages, and where. Schema for editors: headgate schema config > .headgate/schema.json
version: 1
project: ${settings.name}
workspaces:
  main:
    host: ${host}
    auth: ${auth}
targets:
  # everybody's own copy: names get a prefix, schedules are paused
  dev:  { default: true, workspace: main, mode: development, variables: { env: dev } }
  prod: { workspace: main, variables: { env: prod }, confirm: true }
jobs:
  sources:
    - { name: files, kind: yaml, path: "jobs/**/*.yml" }
`,
    },
    {
      path: "jobs/hello.yml",
      text: `# A job as the Databricks Jobs API has it; bundle files (resources: jobs:) are read too.
jobs:
  hello:
    name: Hello from headgate
    tags: { env: "\${var.env}" }
    schedule:
      quartz_cron_expression: "0 0 6 * * ?"
      timezone_id: UTC
      pause_status: PAUSED
    tasks:
      - task_key: hello
        notebook_task: { notebook_path: /Workspace/Shared/hello }
`,
    },
    { path: ".gitignore", text: ".headgate/\n", append: true },
  ];
}
