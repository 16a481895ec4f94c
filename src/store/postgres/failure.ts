/** What a failure to reach Postgres means for a person. */
import { HeadgateError } from "../../errors.ts";

/** Host, port and database of a URL, for people: never user or password. */
export function postgresPlace(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host || "localhost"}${pathname === "" ? "" : pathname}`;
  } catch {
    return "Postgres";
  }
}

/** SQLSTATE classes and Node's network codes (PostgreSQL manual, appendix A). */
const UNAUTHORIZED = ["28000", "28P01"];
const NO_DATABASE = "3D000";
const FORBIDDEN = "42501";
const GONE = /^(08|57P|53)/;
const TOO_LONG = "57014";
const NETWORK = /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOST|ENET|EPIPE)/;

/** The error to show for what the driver threw, or undefined where it is not about reaching the server. */
export function connectionFailure(error: unknown, place: string): HeadgateError | undefined {
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  const cause = { cause: error };
  if (UNAUTHORIZED.includes(code)) {
    return new HeadgateError("unauthorized", `Postgres at ${place} refuses user or password`, {
      ...cause,
      hint: "Check store.url in headgate.yaml and the variable it names.",
      permanent: true,
    });
  }
  if (code === NO_DATABASE) {
    return new HeadgateError("not_found", `Postgres has no database at ${place}`, {
      ...cause,
      hint: "Create it (createdb NAME), then run headgate store migrate.",
      permanent: true,
    });
  }
  if (code === FORBIDDEN) {
    return new HeadgateError("forbidden", `The user of the store at ${place} may not do this`, {
      ...cause,
      hint: "headgate store migrate needs CREATE on the schema; serving needs SELECT, INSERT, UPDATE, DELETE.",
      permanent: true,
    });
  }
  if (code === TOO_LONG) {
    return new HeadgateError("unavailable", `Postgres at ${place} took too long`, {
      ...cause,
      hint: "It may be overloaded, or another headgate holds a lock; nothing was written.",
      permanent: false,
    });
  }
  const refused = (error as { errors?: { code?: unknown }[] } | null)?.errors?.some((one) =>
    NETWORK.test(String(one.code)),
  );
  if (GONE.test(code) || NETWORK.test(code) || refused) {
    return new HeadgateError("unavailable", `Postgres at ${place} does not answer`, {
      ...cause,
      hint: "Check that it runs and that host and port in store.url are right.",
      permanent: false,
    });
  }
  return undefined;
}
