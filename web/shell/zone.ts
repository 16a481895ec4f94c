/** The zone in which the page writes times: the project's. */
import { useStatus } from "../api/queries.ts";

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function useZone(): string {
  return useStatus().data?.timezone ?? here;
}
