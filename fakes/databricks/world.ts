/** Everything a fake workspace holds. */
import type { Directory } from "./auth/principals.ts";
import type { FakeClock } from "./clock.ts";
import type { FileTree } from "./files/tree.ts";
import type { Faults } from "./http/faults.ts";
import type { RequestLog } from "./http/request-log.ts";
import type { JobBook } from "./jobs/book.ts";
import type { Settled } from "./options.ts";
import type { QueryBook } from "./queries/book.ts";
import type { RunBook } from "./runs/book.ts";
import type { StatementAnswers } from "./statements/answers.ts";
import type { Statement } from "./statements/routes.ts";
import type { Things } from "./things/routes.ts";

export interface World {
  options: Settled;
  clock: FakeClock;
  nextId: () => string;
  /** 1, 2, 3, …: for whatever must differ each time. */
  count: () => number;
  directory: Directory;
  jobs: JobBook;
  runs: RunBook;
  files: FileTree;
  queries: QueryBook;
  statements: Map<string, Statement>;
  answers: StatementAnswers;
  /** What jobs refer to by id. */
  things: Things;
  faults: Faults;
  log: RequestLog;
  /** The server's address, once it listens. */
  url: string;
}
