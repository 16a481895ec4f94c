/** GET /status: the facts that frame the page. */

import type { StatusView } from "../../model/view.ts";
import { utc } from "../../util/clock.ts";
import type { Fleet } from "../fleet.ts";
import type { Handlers } from "../handler.ts";
import { problemOf } from "../problem.ts";
import type { ServerDeps, ServerSettings } from "../server-deps.ts";
import type { StoreWatch } from "../store-watch.ts";

/** What is true now. Before the first reading the workspace counts as not reached. */
export function statusOf(deps: ServerDeps, settings: ServerSettings, fleet: Fleet, store: StoreWatch): StatusView {
  const { version, project, target, workspace, host, timezone } = deps.info;
  return {
    version,
    project,
    target,
    workspace,
    host,
    apply: settings.apply === true,
    storeReadOnly: store.readOnly,
    timezone,
    workspaceReachable: fleet.view !== undefined && fleet.error === undefined,
    lastReadAt: fleet.readAt === undefined ? null : utc(fleet.readAt),
    error: fleet.error === undefined ? null : problemOf(fleet.error, "-").detail,
  };
}

/** Handlers of the status. */
export function statusRoutes(
  deps: ServerDeps,
  settings: ServerSettings,
  fleet: Fleet,
  store: StoreWatch,
): Pick<Handlers, "getStatus"> {
  return {
    async getStatus() {
      await store.look();
      return { value: statusOf(deps, settings, fleet, store) };
    },
  };
}
