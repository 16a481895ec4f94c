/** GET /calendar: when scheduled jobs start, from the last reading of the workspace. */
import { calendarOf } from "../calendar.ts";
import type { Fleet } from "../fleet.ts";
import type { Handlers } from "../handler.ts";
import type { ServerDeps } from "../server-deps.ts";

/** Handler of the calendar. */
export function calendarRoutes(
  { clock, info }: Pick<ServerDeps, "clock" | "info">,
  fleet: Pick<Fleet, "current">,
): Pick<Handlers, "getCalendar"> {
  return {
    getCalendar: async ({ query }) => ({
      value: calendarOf(await fleet.current(), query, info.timezone, clock.now()),
    }),
  };
}
