/** Opens credentials of the kind that a config asks for. */
import { homedir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../util/clock.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { type AzureWish, openAzureCredentials } from "./azure.ts";
import type { Credentials } from "./credentials.ts";
import { oauthM2mCredentials } from "./oauth-m2m.ts";
import { patCredentials } from "./pat.ts";
import { readProfile } from "./profile.ts";

/** How to sign in, secrets filled in; nothing else has to be looked up. */
export type LoginWish =
  | { kind: "pat"; token: string }
  | { kind: "oauth-m2m"; clientId: string; clientSecret: string }
  | AzureWish;

/** How to sign in, as a config says it. */
export type AuthWish = LoginWish | { kind: "profile"; profile?: string | undefined; file?: string | undefined };

type Environment = Readonly<Record<string, string | undefined>>;

/** Path of `.databrickscfg`: a given one, `DATABRICKS_CONFIG_FILE`, or the one in the home folder. */
export function profileFile(env: Environment, file?: string): string {
  return file ?? env.DATABRICKS_CONFIG_FILE ?? join(env.HOME ?? homedir(), ".databrickscfg");
}

/**
 * Credentials as a maker that gets the client's own HTTP.
 * @throws HeadgateError `config_invalid` for a profile that is not there, or a key that cannot be used
 */
export async function openCredentials(
  wish: AuthWish,
  surroundings: { host: string; clock: Clock; env: Environment },
): Promise<(http: HttpClient) => Credentials> {
  const { host, clock, env } = surroundings;
  switch (wish.kind) {
    case "pat":
      return () => patCredentials(wish.token);
    case "oauth-m2m":
      return (http) =>
        oauthM2mCredentials({ host, clientId: wish.clientId, clientSecret: wish.clientSecret, http, clock });
    case "profile": {
      const profile = await readProfile({ file: profileFile(env, wish.file), name: wish.profile });
      const open = await openCredentials(profile.login, { ...surroundings, host: profile.host });
      return (http) => {
        const inner = open(http);
        return { ...inner, refusedHint: `Profile [${profile.name}] of ${profile.file}: ${inner.refusedHint}` };
      };
    }
    default:
      return openAzureCredentials(wish, surroundings);
  }
}
