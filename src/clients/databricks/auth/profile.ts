/** A profile of `.databrickscfg`, the file of the official tools. */
import { readFile } from "node:fs/promises";
import { HeadgateError } from "../../../errors.ts";
import { parseIni } from "./ini.ts";
import type { LoginWish } from "./open.ts";
import { chooseLogin, NAMES } from "./unified.ts";

/** What a profile says; secrets as they stand. */
export interface Profile {
  name: string;
  file: string;
  /** `https://…` without a path. */
  host: string;
  /** How it proves who we are. */
  login: LoginWish;
}

/**
 * Reads a profile: `host` and what one way to sign in needs, under the official tools' keys (`token`; `client_id` and
 * `client_secret`; `azure_…`; `auth_type` where two are complete). Without a name it is `DEFAULT`.
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
  const fields = Object.fromEntries(Object.entries(NAMES).map(([field, { key }]) => [field, keys.get(key)])) as Record<
    keyof typeof NAMES,
    string | undefined
  >;
  const choice = chooseLogin(fields);
  if ("wrong" in choice) throw wrong(NAMES[choice.wrong].key, choice.what, choice.hint("key"));
  return { name, file, host, login: choice.login };
}

/** As the official tools read it: the scheme may be left out, a path is cut off. */
function hostOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = /^https?:\/\//.test(text) ? text : `https://${text}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}
