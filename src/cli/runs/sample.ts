/** `headgate runs sample`: writes a small sample of processes, and notebooks that call headgate. */
import path from "node:path";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { safe } from "../print/safe.ts";
import { fromHere } from "./open-runs.ts";

export default async function sample(context: CliContext, _flags: object, directory = "."): Promise<number> {
  const { writeSample } = await import("../../app.ts");
  const files = (await writeSample(fromHere(context, directory))).map((file) => path.relative(context.cwd, file));
  answer(context, {
    text: () => [...files.map((file) => `made ${safe(file)}`), "next: headgate runs register"].join("\n"),
    json: () => formatJson({ count: files.length, items: files, next: null }, 2),
  });
  return 0;
}
