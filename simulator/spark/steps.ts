/** One step of a program as requests, and which tables it truly reads, writes or maintains by them. */
import type { Lake, Lying } from "../lake.ts";
import type { Request } from "../request.ts";
import type { Step } from "../world.ts";
import { append, create, optimize, overwrite, rewrite, scan, shallowClone, vacuum } from "./delta.ts";
import { snapshot } from "./delta-log.ts";
import { scanFiles, streamCheckpoint, writeFiles } from "./files.ts";
import { driverOf, type Requests, type Session } from "./session.ts";

/** What a step does to a table or place. */
export type Access = "read" | "write" | "maintenance" | "metadata" | "denied";

/** A step's part: what happens to one table, as requests. */
export interface Part {
  /** A table or a place. */
  of: Lying;
  access: Access;
  requests: Requests;
  /** Why nobody can know it from the log, where its kind is such that nobody can. */
  hidden?: string;
}

const read = (session: Session, from: Lying, files: number): Requests =>
  from.format === "delta" ? scan(session, from, files) : scanFiles(session, from, files);

function* refused(session: Session, from: Lying): Generator<Request> {
  const abfs = driverOf(session, from);
  yield { ...abfs.status("", "GF"), status: 403, shows: "tried" };
  yield { ...abfs.list("_delta_log", 0), status: 403, shows: "tried" };
}

function* probe(session: Session, of: Lying): Generator<Request> {
  const abfs = driverOf(session, of);
  yield abfs.status("_delta_log", "GF", false);
  yield abfs.status("_READY", "GF", false);
}

/** Reads and writes: the parts of a step in their order. */
export function partsOf(step: Step, lake: Lake, session: Session): Part[] {
  switch (step.does) {
    case "read": {
      const from = lake.at(step.from);
      const own: Part = { of: from, access: "read", requests: read(session, from, step.files ?? 3) };
      if (from.source === undefined) return [own];
      return [{ ...own, hidden: "its files lie under the table it was cloned from" }];
    }
    case "count": {
      const from = lake.at(step.from);
      return [{ of: from, access: "metadata", requests: snapshot(session, from, true) }];
    }
    case "append":
    case "overwrite":
    case "create": {
      const to = lake.at(step.to);
      const files = step.files ?? 1;
      if (to.format !== "delta") {
        return [{ of: to, access: "write", requests: writeFiles(session, to, files, step.does !== "append") }];
      }
      const write = { append, overwrite, create }[step.does];
      return [{ of: to, access: "write", requests: write(session, to, files) }];
    }
    case "merge":
    case "update": {
      const to = lake.at(step.to);
      return [{ of: to, access: "write", requests: rewrite(session, to, step.files ?? 2) }];
    }
    case "optimize":
    case "vacuum": {
      const of = lake.at(step.of);
      const work = step.does === "optimize" ? optimize : vacuum;
      return [{ of, access: "maintenance", requests: work(session, of) }];
    }
    case "shallow clone": {
      const [from, to] = [lake.at(step.from), lake.at(step.to)];
      return [
        { of: from, access: "metadata", requests: snapshot(session, from, true) },
        { of: to, access: "write", requests: shallowClone(session, from, to) },
      ];
    }
    case "deep clone": {
      const [from, to] = [lake.at(step.from), lake.at(step.to)];
      return [
        { of: from, access: "read", requests: read(session, from, 4) },
        { of: to, access: "write", requests: overwrite(session, to, 4) },
      ];
    }
    case "export": {
      const to = lake.at(step.to);
      return [{ of: to, access: "write", requests: writeFiles(session, to, step.files ?? 1, true) }];
    }
    case "checkpoint": {
      const at = lake.at(step.at);
      return [{ of: at, access: "write", requests: streamCheckpoint(session, at) }];
    }
    case "probe":
      return [{ of: lake.at(step.of), access: "metadata", requests: probe(session, lake.at(step.of)) }];
    case "try":
      return [{ of: lake.at(step.from), access: "denied", requests: refused(session, lake.at(step.from)) }];
  }
}
