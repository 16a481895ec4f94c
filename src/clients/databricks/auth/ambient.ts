/** The workspace that surrounds a command without a project: a profile of `.databrickscfg`, or `DATABRICKS_*` variables. */
import { HeadgateError } from "../../../errors.ts";
import type { AuthWish } from "./open.ts";
import { profileFile } from "./open.ts";
import { readProfile } from "./profile.ts";
import { chooseLogin, type Field, NAMES } from "./unified.ts";

/**
 * Host and sign-in for a workspace that is named by host or profile. The environment wins over the file, as in the
 * official tools; with neither, the profile `DATABRICKS_CONFIG_PROFILE` or `DEFAULT` is taken.
 * @throws HeadgateError `config_invalid` when nothing says how to sign in
 */
export async function ambientWorkspace(options: {
  host: string | undefined;
  profile: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<{ host: string; auth: AuthWish }> {
  const { env, profile } = options;
  const host = options.host ?? env.DATABRICKS_HOST;
  const fields = Object.fromEntries(
    Object.entries(NAMES).map(([field, { variable }]) => [field, env[variable] || undefined]),
  ) as Record<Field, string | undefined>;
  const { azureTenantId: _tenant, azureResourceId: _resource, ...signs } = fields;
  const choice = profile === undefined && host !== undefined ? chooseLogin(fields) : undefined;
  if (host !== undefined && choice !== undefined && "login" in choice) return { host, auth: choice.login };
  const name = profile ?? env.DATABRICKS_CONFIG_PROFILE;
  try {
    const found = await readProfile({ file: profileFile(env), name });
    return { host: options.host ?? found.host, auth: { kind: "profile", profile: found.name } };
  } catch (error) {
    if (profile !== undefined || !(error instanceof HeadgateError)) throw error;
    // Half a sign-in in the environment (ARM_CLIENT_ID of another tool) matters only where no profile is there.
    if (choice !== undefined && "wrong" in choice && Object.values(signs).some((value) => value !== undefined)) {
      throw new HeadgateError("config_invalid", `${NAMES[choice.wrong].variable}: ${choice.what}`, {
        hint: choice.hint("variable"),
        cause: error,
        permanent: true,
      });
    }
    throw new HeadgateError("config_invalid", `nothing says how to sign in${host ? ` to ${host}` : ""}`, {
      hint: "set DATABRICKS_HOST and DATABRICKS_TOKEN, or name a profile of .databrickscfg with --profile",
      cause: error,
      permanent: true,
    });
  }
}
