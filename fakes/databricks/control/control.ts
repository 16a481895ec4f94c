/** The control object: everything a test may do behind the API's back. Each call takes one object, so that HTTP offers the same calls. */
import type { World } from "../world.ts";
import { jobControl } from "./jobs.ts";
import { queryControl } from "./queries.ts";
import { runControl } from "./runs.ts";
import { workspaceControl } from "./workspace.ts";

export function makeControl(world: World) {
  return { ...workspaceControl(world), ...jobControl(world), ...runControl(world), ...queryControl(world) };
}

export type Control = ReturnType<typeof makeControl>;
