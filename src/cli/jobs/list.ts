/** `headgate jobs list`: the fleet with its last runs, worst first. */
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { fleetText } from "../print/fleet.ts";
import { withProject } from "../project.ts";

export default function list(context: CliContext): Promise<number> {
  return withProject(context, async ({ jobs, style }) => {
    const fleet = await jobs.list({ signal: context.signal });
    answer(context, { text: () => fleetText(style, fleet), json: () => formatJson(fleet, 2) });
    return 0;
  });
}
