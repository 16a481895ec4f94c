/** A watch without a project, as lakeflow_jobs_meta's monitor: a control table, a folder of YAML files, or both. */
import { createHash } from "node:crypto";
import { HeadgateError } from "../errors.ts";
import type { LoadReport, TableVerbs } from "./control-table.ts";
import type { Environment } from "./options.ts";

/** What the monitor was told. */
export interface LakeflowWatch {
  /** `catalog.schema.table`. */
  controlTable?: string | undefined;
  /** `/Volumes/…`, a workspace folder, or a folder of this machine; a file, too. */
  volumePath?: string | undefined;
  /** SQL warehouse; else `DATABRICKS_WAREHOUSE_ID`. */
  warehouse?: string | undefined;
  env: Environment;
}

/** Which headgate.yaml it stands for; secrets are in `env` only. */
export interface GivenProject {
  text: string;
  env: Record<string, string>;
}

const SECRET = "HEADGATE_WATCH_";

/**
 * The config of such a watch. Host and sign-in are those that surround the command (environment, `.databrickscfg`).
 * @throws HeadgateError `usage` where there is nothing to watch, `config_invalid` when nothing says how to sign in
 */
export async function lakeflowProject(watch: LakeflowWatch): Promise<GivenProject> {
  const { controlTable, volumePath } = watch;
  const project = projectOf(watch);
  const { ambientWorkspace } = await import("../clients/databricks/auth/ambient.ts");
  const { host, auth } = await ambientWorkspace({ host: undefined, profile: undefined, env: watch.env });
  const env: Record<string, string> = {};
  const written = Object.fromEntries(
    Object.entries(auth).map(([key, value]) => {
      if (key === "kind" || key === "profile" || typeof value !== "string") return [key, value];
      env[SECRET + key] = value;
      return [key, `\${env:${SECRET}${key}}`];
    }),
  );
  const warehouse = watch.warehouse ?? (watch.env.DATABRICKS_WAREHOUSE_ID || undefined);
  const profile = "lakeflow-meta";
  const config = {
    version: 1,
    project,
    workspaces: { workspace: { host, auth: written, ...(warehouse === undefined ? {} : { warehouse }) } },
    targets: { default: { default: true, workspace: "workspace" } },
    jobs: {
      sources: [
        ...(controlTable === undefined
          ? []
          : [{ name: "control", kind: "control-table", table: controlTable, profile }]),
        // With a table the files are loaded into it, and the table alone says what the jobs are.
        ...(volumePath === undefined || controlTable !== undefined
          ? []
          : [{ name: "volume", kind: "yaml", path: filesOf(volumePath), profile }]),
      ],
    },
  };
  return { text: JSON.stringify(config), env };
}

/** A name that stays the same from one start to the next: the table's, or the folder's. */
function projectOf({ controlTable, volumePath }: LakeflowWatch): string {
  const text = (controlTable ?? volumePath ?? "").replace(/`/g, "");
  const name = text.replace(/[^A-Za-z0-9_.-]+/g, ".").replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (name !== "") return name;
  throw new HeadgateError("usage", "there is nothing to watch: neither a control table nor a folder is named", {
    hint: "give --control-table catalog.schema.table, --volume-path /Volumes/…, or run it in a project",
    permanent: true,
  });
}

/** Files of a folder, also in folders below it; a file as it is. */
function filesOf(path: string): string {
  const plain = path.replace(/\/+$/, "");
  return /\.ya?ml$/i.test(plain) ? plain : `${plain}/**/*.{yaml,yml}`;
}

/**
 * Loads files into a control table whenever what is in them is another than at the last load that went well. The table
 * is made with the first load, where there is none.
 * @param readFiles texts by path
 */
export function tableLoader(
  table: Pick<TableVerbs, "create" | "load">,
  path: string,
  readFiles: (pattern: string) => Promise<ReadonlyMap<string, string>>,
): () => Promise<LoadReport | undefined> {
  const pattern = filesOf(path);
  let before: string | undefined;
  let made = false;
  return async () => {
    const texts = [...(await readFiles(pattern))].sort(([a], [b]) => (a < b ? -1 : 1));
    const now = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
    // A folder that is empty for a while says nothing about the rows.
    if (now === before || texts.length === 0) return undefined;
    if (!made) await table.create();
    made = true;
    const report = await table.load([pattern]);
    before = now;
    return report;
  };
}
