/** Opens credentials of the kind that a config asks for. */
import { homedir } from "node:os";
import { join } from "node:path";
import { HeadgateError } from "../../../errors.ts";
import type { Clock } from "../../../util/clock.ts";
import type { HttpClient } from "../../http/http-client.ts";
import type { Credentials } from "./credentials.ts";
import { oauthM2mCredentials } from "./oauth-m2m.ts";
import { patCredentials } from "./pat.ts";
import { profileCredentials, readProfile } from "./profile.ts";

/** How to sign in, secrets filled in. Kinds that this version cannot open are refused by name. */
export type AuthWish =
  | { kind: "pat"; token: string }
  | { kind: "oauth-m2m"; clientId: string; clientSecret: string }
  | { kind: "profile"; profile?: string | undefined; file?: string | undefined }
  | { kind: "spn-key" | "spn-cert" | "msi" | "azure-cli" };

type Environment = Readonly<Record<string, string | undefined>>;

/** Path of `.databrickscfg`: a given one, `DATABRICKS_CONFIG_FILE`, or the one in the home folder. */
export function profileFile(env: Environment, file?: string): string {
  return file ?? env.DATABRICKS_CONFIG_FILE ?? join(env.HOME ?? homedir(), ".databrickscfg");
}

/**
 * Credentials as a maker that gets the client's own HTTP.
 * @throws HeadgateError `config_invalid` for a profile that is not there, or a kind this version does not have
 */
export async function openCredentials(
  wish: AuthWish,
  { host, clock, env }: { host: string; clock: Clock; env: Environment },
): Promise<(http: HttpClient) => Credentials> {
  switch (wish.kind) {
    case "pat":
      return () => patCredentials(wish.token);
    case "oauth-m2m":
      return (http) =>
        oauthM2mCredentials({ host, clientId: wish.clientId, clientSecret: wish.clientSecret, http, clock });
    case "profile": {
      const profile = await readProfile({ file: profileFile(env, wish.file), name: wish.profile });
      return (http) => profileCredentials(profile, { http, clock });
    }
    default:
      throw new HeadgateError("config_invalid", `auth of kind ${wish.kind} is not available in this version`, {
        hint: "kinds that are: pat, oauth-m2m, profile",
        permanent: true,
      });
  }
}
