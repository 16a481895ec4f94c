/** The demo's headgate.yaml: the retail example's, with the fake workspace in place of real ones. Pure. */

/** A text with one top-level section of YAML, and the comment right above it, replaced. @throws Error when it is not there */
export function replaceSection(text: string, name: string, section: string): string {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line.startsWith(`${name}:`));
  if (at < 0) throw new Error(`the example's headgate.yaml has no section ${name}`);
  let start = at;
  while (lines[start - 1]?.startsWith("#")) start -= 1;
  let end = at + 1;
  while (end < lines.length && (lines[end] === "" || /^\s/.test(lines[end] ?? ""))) end += 1;
  return [...lines.slice(0, start), ...section.trimEnd().split("\n"), "", ...lines.slice(end)].join("\n");
}

/** File with the token of the demo's deployer, relative to the project. */
export const TOKEN_FILE = ".headgate/demo-token";

/** The warehouse that asks the catalog: the one of the example's SQL tasks. */
const WAREHOUSE = "0a1b2c3d4e5f6071";

/** The demo's config. @param host `http://127.0.0.1:…` of the fake workspace */
export function demoConfig(example: string, host: string): string {
  const workspaces = `# A fake workspace that lives as long as headgate demo runs. A real one looks like
#   host: https://adb-1234567890.12.azuredatabricks.net
workspaces:
  demo:
    host: ${host}
    auth: { kind: pat, token: "\${file:${TOKEN_FILE}}" }
`;
  const targets = `targets:
  prod: { default: true, workspace: demo, variables: { env: prod, catalog: retail } }
`;
  const server = `
# the page may apply plans
server: { apply: true }
`;
  const lineage = `
# what the week has left behind; headgate lineage ingest reads it into the store
lineage:
  sources:
    - { name: access-logs, kind: storage-logs, path: "logs/insights-logs-*" }
    - { name: consoles, kind: openlineage, path: "events/*.ndjson" }
    - { name: unity-catalog, kind: unity-catalog, warehouse: ${WAREHOUSE}, since: 30d }
  inventory:
    - { name: catalog, kind: ucx, path: "inventory/*.csv" }
  runs: "runs/*.json"
`;
  const text = replaceSection(replaceSection(example, "workspaces", workspaces), "targets", targets);
  return `${text.trimEnd()}\n${lineage}${server}`;
}
