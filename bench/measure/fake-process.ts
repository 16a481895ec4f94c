/** The fake workspace as a process of its own, so that what it costs is not counted as ours. */
import { spawn } from "node:child_process";
import path from "node:path";
import type { LoggedRequest } from "../../fakes/databricks/index.ts";

const MAIN = path.resolve(import.meta.dirname, "../../fakes/databricks/main.ts");

/** A running fake. */
export interface FakeProcess {
  url: string;
  token: string;
  /** Calls a control route. */
  control(call: string, argument?: object): Promise<unknown>;
  requests(path?: string): Promise<LoggedRequest[]>;
  stop(): void;
}

/** Starts it. @throws Error where it ends before it listens */
export async function startFakeProcess(options: object = {}): Promise<FakeProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("\n")) resolve(text);
    });
    child.on("exit", (code) => reject(new Error(`the fake ended with ${code}`)));
    child.on("error", reject);
  });
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  const control = async (call: string, argument: object = {}): Promise<unknown> => {
    const answer = await fetch(`${url}/_fake/${call}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(argument),
    });
    if (!answer.ok) throw new Error(`${call}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url,
    token,
    control,
    requests: async (pattern) =>
      (await control("requests", pattern === undefined ? {} : { path: pattern })) as LoggedRequest[],
    stop: () => void child.kill("SIGTERM"),
  };
}
