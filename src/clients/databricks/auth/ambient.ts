/** The workspace that surrounds a command without a project: a profile of `.databrickscfg`, or `DATABRICKS_*` variables. */
import { HeadgateError } from "../../../errors.ts";
import type { AuthWish } from "./open.ts";
import { profileFile } from "./open.ts";
import { readProfile } from "./profile.ts";

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
  if (profile === undefined && host !== undefined) {
    const { DATABRICKS_TOKEN: token, DATABRICKS_CLIENT_ID: clientId, DATABRICKS_CLIENT_SECRET: clientSecret } = env;
    if (token) return { host, auth: { kind: "pat", token } };
    if (clientId && clientSecret) return { host, auth: { kind: "oauth-m2m", clientId, clientSecret } };
  }
  const name = profile ?? env.DATABRICKS_CONFIG_PROFILE;
  try {
    const found = await readProfile({ file: profileFile(env), name });
    return { host: options.host ?? found.host, auth: { kind: "profile", profile: found.name } };
  } catch (error) {
    if (profile !== undefined || !(error instanceof HeadgateError)) throw error;
    throw new HeadgateError("config_invalid", `nothing says how to sign in${host ? ` to ${host}` : ""}`, {
      hint: "set DATABRICKS_HOST and DATABRICKS_TOKEN, or name a profile of .databrickscfg with --profile",
      cause: error,
      permanent: true,
    });
  }
}
