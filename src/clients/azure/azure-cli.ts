/** Tokens of whoever is signed in to the Azure CLI on this machine. */
import { execFile } from "node:child_process";
import { HeadgateError } from "../../errors.ts";
import { parseJson } from "../../util/int64-json.ts";
import { redact } from "../../util/redact.ts";
import type { Token } from "../http/token-cache.ts";
import { tokenFrom } from "./token-answer.ts";

/** Which sign-in of the CLI. */
export interface CliAccount {
  tenant?: string | undefined;
  subscription?: string | undefined;
}

const LIMIT_MS = 60_000;

/** Runs `az`, which is a batch file on Windows. */
function runAz(args: string[], env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env, timeout: LIMIT_MS, maxBuffer: 1_048_576, shell: process.platform === "win32" };
    execFile("az", args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      if (error.code === "ENOENT") {
        return reject(
          new HeadgateError("config_invalid", "the Azure CLI (az) is not on the path", {
            hint: "install it and run az login, or use another auth kind",
            permanent: true,
          }),
        );
      }
      const said = redact(stderr.split("\n").find((line) => line.trim() !== "") ?? error.message);
      reject(
        new HeadgateError("unauthorized", `az account get-access-token: ${said.slice(0, 500)}`, {
          hint: "run az login (with --tenant where there are several), then again",
          permanent: true,
        }),
      );
    });
  });
}

/**
 * Asks the Azure CLI for a token.
 * @throws HeadgateError `config_invalid` where there is no CLI, `unauthorized` where nobody is signed in
 */
export async function azureCliToken(
  { tenant, subscription }: CliAccount,
  resource: string,
  { env, now }: { env: Readonly<Record<string, string | undefined>>; now: () => number },
): Promise<Token> {
  const args = ["account", "get-access-token", "--resource", resource, "--output", "json"];
  // The CLI takes one of the two.
  if (tenant !== undefined) args.push("--tenant", tenant);
  else if (subscription !== undefined) args.push("--subscription", subscription);
  const text = await runAz(args, env);
  try {
    return tokenFrom(parseJson(text), now());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new HeadgateError("remote_error", "az account get-access-token did not print JSON", { cause: error });
  }
}
