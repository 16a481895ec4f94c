/** `headgate store migrate`: brings the store up to date; repeating it changes nothing. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { safe } from "../print/safe.ts";
import { count } from "../print/value.ts";
import { openOptions } from "../project.ts";

export default async function migrate(context: CliContext): Promise<number> {
  const { migrateProjectStore } = await import("../../app.ts");
  const { place, migrations } = await migrateProjectStore(openOptions(context));
  const sum = migrations.length === 0 ? "is up to date" : `: ${count(migrations.length, "migration")} run`;
  answer(context, {
    text: () => [`${safe(place)} ${sum}`.replace(" :", ":"), ...migrations.map((name) => `  ${safe(name)}`)].join("\n"),
    json: () => formatJson({ place, migrations }, 2),
  });
  return 0;
}
