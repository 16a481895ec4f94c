/** A profile of `.databrickscfg`, the file of the official tools. */
import { readFile } from "node:fs/promises";
import { HeadgateError } from "../../../errors.ts";
import type { Clock } from "../../../util/clock.ts";
import type { HttpClient } from "../../http/http-client.ts";
import type { Credentials } from "./credentials.ts";
import { parseIni } from "./ini.ts";
import { oauthM2mCredentials } from "./oauth-m2m.ts";
import { patCredentials } from "./pat.ts";

/** What a profile says; secrets as they stand. */
export interface Profile {
  name: string;
  file: string;
  /** `https://…` without a path. */
  host: string;
  /** How it proves who we are. */
  login: { kind: "pat"; token: string } | { kind: "oauth-m2m"; clientId: string; clientSecret: string };
}

/**
 * Reads a profile: `host` and either `token`, or `client_id` and `client_secret`. Without a name it is `DEFAULT`.
 * @param options `file`: path of the file (`DATABRICKS_CONFIG_FILE`, else `.databrickscfg` in the home folder)
 * @throws HeadgateError `config_invalid` naming file, profile and key
 */
export async function readProfile(options: { file: string; name?: string | undefined }): Promise<Profile> {
  const { file, name = "DEFAULT" } = options;
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new HeadgateError("config_invalid", `${file} cannot be read`, {
      hint: `Make it with "databricks configure", or use another auth kind.`,
      cause,
    });
  });
  return profileOf(text, file, name);
}

/** Credentials of what a profile says; a refusal names the profile. */
export function profileCredentials(profile: Profile, options: { http: HttpClient; clock: Clock }): Credentials {
  const { login, host } = profile;
  const inner =
    login.kind === "pat" ? patCredentials(login.token) : oauthM2mCredentials({ ...options, ...login, host });
  return { ...inner, refusedHint: `Profile [${profile.name}] of ${profile.file}: ${inner.refusedHint}` };
}

/** As {@link readProfile}, from the file's text. */
export function profileOf(text: string, file: string, name: string): Profile {
  const sections = parseIni(text);
  const keys = sections.get(name);
  if (keys === undefined) {
    const known = [...sections.keys()].filter((section) => section !== "");
    throw new HeadgateError("config_invalid", `${file} has no profile [${name}]`, {
      hint: known.length === 0 ? "It has none at all." : `It has: ${known.join(", ")}.`,
    });
  }
  const wrong = (key: string, what: string, hint: string) =>
    new HeadgateError("config_invalid", `${file} [${name}] ${key}: ${what}`, { hint });

  const host = hostOf(keys.get("host"));
  if (host === undefined) throw wrong("host", "is missing or no URL", "Write host = https://<workspace>.");
  const token = keys.get("token");
  const clientId = keys.get("client_id");
  const clientSecret = keys.get("client_secret");
  const asked = keys.get("auth_type");
  if (token !== undefined && clientSecret !== undefined && asked === undefined) {
    throw wrong("auth_type", "token and client_secret are both there", "Write auth_type = pat or oauth-m2m.");
  }
  if (asked !== undefined && asked !== "pat" && asked !== "oauth-m2m") {
    throw wrong("auth_type", `${asked} is not known to headgate`, "A profile may be pat or oauth-m2m.");
  }
  if (asked !== "oauth-m2m" && token !== undefined) return { name, file, host, login: { kind: "pat", token } };
  if (asked === "pat") throw wrong("token", "is missing", "auth_type = pat needs a token.");
  if (clientId === undefined && clientSecret === undefined && asked === undefined) {
    throw wrong("token", "is missing", "A profile needs token, or client_id and client_secret.");
  }
  if (clientId === undefined) throw wrong("client_id", "is missing", "It goes with client_secret.");
  if (clientSecret === undefined) throw wrong("client_secret", "is missing", "It goes with client_id.");
  return { name, file, host, login: { kind: "oauth-m2m", clientId, clientSecret } };
}

/** As the official tools read it: the scheme may be left out, a path is cut off. */
function hostOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = /^https?:\/\//.test(text) ? text : `https://${text}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
