/** `headgate demo`: plays a week of a small lakehouse on this machine, and serves its page. */
import { runDemo } from "../demo/demo.ts";
import { formatJson } from "../util/int64-json.ts";
import type { CliContext } from "./context.ts";

export interface DemoFlags {
  port?: number;
  headless: boolean;
}

export default async function demo(context: CliContext, flags: DemoFlags): Promise<number> {
  const { format, signal, cwd } = context;
  // with --headless the summary is the answer, else the story is
  const asJson = flags.headless || format === "json";
  const write = (line: string) => (asJson ? context.log.info(line) : context.stdout.write(`${line}\n`));
  const print = (value: unknown) => context.stdout.write(`${formatJson(value, 2)}\n`);
  const summary = await runDemo({
    dir: context.globals.dir,
    cwd,
    port: flags.port,
    headless: flags.headless,
    signal,
    write,
    writeLog: (line) => context.stderr.write(line),
    onServing: ({ url, loginUrl, dir, summary: seen }) => {
      if (format === "json") print({ url, loginUrl, dir, summary: seen });
    },
  });
  // Ending what served is no interruption; before that runDemo throws.
  if (flags.headless) print(summary);
  return 0;
}
