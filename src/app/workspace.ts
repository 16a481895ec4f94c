/** Opens a workspace by its config: address, sign-in, rate. */
import { resolve } from "node:path";
import { openCredentials } from "../clients/databricks/auth/open.ts";
import { openDatabricks } from "../clients/databricks/client.ts";
import type { Config, WorkspaceConfig } from "../config/load.ts";
import { openValue } from "../config/secrets.ts";
import { HeadgateError } from "../errors.ts";
import { shortName } from "../model/short-name.ts";
import type { Clock } from "../util/clock.ts";
import type { Json } from "../util/json.ts";
import { VERSION } from "../util/version.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import type { Environment } from "./options.ts";

const USER_AGENT = `headgate/${VERSION}`;

/**
 * A client of a workspace; nothing is sent yet.
 * @throws HeadgateError `config_invalid` for an address that is none
 */
export async function openWorkspace(
  workspace: WorkspaceConfig,
  places: { dir: string; env: Environment; placeOf?: Config["placeOf"] },
  clock: Clock,
  onWarning: (message: string) => void,
) {
  const path = `workspaces.${workspace.name}`;
  const given = openValue<string>(workspace.host, `${path}.host`, places);
  // As the official tools: a bare host name is meant as https.
  const host = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(given) ? `https://${given}` : given;
  if (!/^https?:\/\//.test(host) || !URL.canParse(host)) {
    throw new HeadgateError("config_invalid", `${path}.host: '${host}' is no address`, {
      hint: "write it like https://adb-111.11.azuredatabricks.net",
      permanent: true,
    });
  }
  const opened = openValue(
    workspace.auth as unknown as Json,
    `${path}.auth`,
    places,
  ) as unknown as WorkspaceConfig["auth"];
  // Paths in the config are relative to its folder.
  const auth =
    opened.kind === "spn-cert" ? { ...opened, privateKeyFile: resolve(places.dir, opened.privateKeyFile) } : opened;
  const rate = Number(places.env.DATABRICKS_RATE_LIMIT);
  return openDatabricks({
    host,
    credentials: await openCredentials(auth, { host, clock, env: places.env }),
    clock,
    userAgent: USER_AGENT,
    rateLimit: rate > 0 ? rate : undefined,
    onRetry: (failure, waitMs) => onWarning(`${failure.message}; again in ${Math.ceil(waitMs / 1_000)} s`),
  });
}

/** Address of a workspace, to be shown and compared before it is opened; as it is written where that cannot be resolved. */
export function shownHost(workspace: WorkspaceConfig, places: { dir: string; env: Environment }): string {
  try {
    return openValue<string>(workspace.host, `workspaces.${workspace.name}.host`, places);
  } catch (error) {
    // Who opens it says what is missing.
    if (error instanceof HeadgateError) return workspace.host;
    throw error;
  }
}

/** Values of `${workspace.…}` in declarations. What the workspace does not tell now is left as written. */
export async function workspaceValues(
  workspace: JobsWorkspace,
  written: WorkspaceConfig,
): Promise<Record<string, string | undefined>> {
  const known: Record<string, string | undefined> = { host: workspace.host, root_path: written.rootPath };
  try {
    const { userName, displayName } = await workspace.me();
    const short = shortName(userName, displayName);
    return { ...known, "current_user.userName": userName, "current_user.short_name": short };
  } catch (error) {
    if (error instanceof HeadgateError) return known;
    throw error;
  }
}
