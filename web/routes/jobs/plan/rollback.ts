/** Going back: which job and which definition a plan's address names, and the same as a command. */

/** One job as it was: at a serial, or before its last change. */
export interface Rollback {
  rollback: string;
  to?: number;
}

/** What the address asks to go back to, or null where it does not. */
export function rollbackOf(params: URLSearchParams): Rollback | null {
  const rollback = params.get("rollback");
  if (rollback === null) return null;
  const to = params.get("to");
  return to !== null && /^\d+$/.test(to) ? { rollback, to: Number(to) } : { rollback };
}

export function rollbackPath({ rollback, to }: Rollback): string {
  return `/plans/new?rollback=${encodeURIComponent(rollback)}${to === undefined ? "" : `&to=${to}`}`;
}

export function rollbackCommand({ rollback, to }: Rollback): string {
  return `headgate jobs rollback ${rollback}${to === undefined ? "" : ` --to ${to}`}`;
}

/** Where the same plan is made anew. */
export function renewPath(params: URLSearchParams): string {
  const back = rollbackOf(params);
  if (back) return rollbackPath(back);
  const select = params.get("select");
  return select ? `/plans/new?select=${encodeURIComponent(select)}` : "/plans/new";
}
