/** Judges what an actor did at a place: read, write, maintenance, a look at metadata, or a denied attempt. */
import type { Access, AccessEvidence } from "../../model/access-edge.ts";
import type { Place } from "./places.ts";
import { hasWritten, type Tally } from "./tally.ts";

/** One judgement. */
export interface Judged {
  access: Access;
  evidence: Omit<AccessEvidence, "files">;
  /** Hashes of the data files. */
  files: ReadonlySet<number>;
  /** How sure it is that this was done at all, 0 to 1, whoever did it. */
  certainty: number;
  self?: true;
  unproven?: true;
}

/**
 * Certainty by the strongest evidence. A commit or rename proves a write; bytes in a data file nearly do; bytes in
 * staging may never have come into place; a commit without any new file may have changed the schema only.
 */
const CERTAINTY = {
  committed: 0.99,
  written: 0.97,
  committedOnly: 0.8,
  staged: 0.6,
  read: 0.97,
  vacuumed: 0.9,
  // OPTIMIZE and UPDATE look the same: even odds
  rewritten: 0.5,
  metadata: 0.9,
  denied: 0.99,
} as const;

function writeCertainty(tally: Tally): number {
  const data = tally.puts + tally.moves;
  if (tally.moves > 0 || (tally.commits > 0 && data > 0)) return CERTAINTY.committed;
  if (data > 0) return CERTAINTY.written;
  return tally.commits > 0 ? CERTAINTY.committedOnly : CERTAINTY.staged;
}

type Rest = Pick<Judged, "evidence" | "files">;

const readOf = (tally: Tally): Rest => ({
  evidence: { requests: tally.reads, bytes: tally.bytesRead, commits: 0 },
  files: tally.readFiles,
});

const writeOf = (tally: Tally): Rest => ({
  evidence: {
    requests: tally.puts + tally.moves + tally.staged + tally.commits + tally.deletes,
    bytes: tally.bytesWritten,
    commits: tally.commits,
  },
  files: tally.writtenFiles,
});

const looked = (requests: number): Rest => ({ evidence: { requests, bytes: 0, commits: 0 }, files: new Set() });

function changes({ tally, counted }: Place, otherInputs: boolean): Judged[] {
  const written = writeOf(counted);
  // files go and none comes: VACUUM, or a table that is dropped
  if (tally.puts + tally.moves + tally.staged === 0 && (tally.deletes > 0 || tally.vacuums > 0)) {
    const proven = tally.commits > 0 || tally.vacuums > 0;
    return proven
      ? [{ access: "maintenance", ...written, certainty: CERTAINTY.vacuumed }]
      : [{ access: "maintenance", ...written, certainty: CERTAINTY.rewritten, unproven: true }];
  }
  if (tally.reads > 0 && tally.commits > 0 && !otherInputs) {
    return [{ access: "maintenance", ...written, certainty: CERTAINTY.rewritten, unproven: true }];
  }
  const write: Judged = { access: "write", ...written, certainty: writeCertainty(tally) };
  if (tally.reads === 0) return [write];
  return [write, { access: "read", ...readOf(counted), certainty: CERTAINTY.read, self: true }];
}

/**
 * Judges one place.
 * @param otherInputs whether the same tasks read rows anywhere else, or files of this place that they wrote: who reads
 * what others wrote into a Delta table, commits it and reads nothing else may be OPTIMIZE as well as UPDATE
 */
export function judge(place: Place, otherInputs: boolean): Judged[] {
  const { tally, counted } = place;
  const judged: Judged[] = [];
  if (hasWritten(tally) || tally.deletes > 0 || tally.vacuums > 0) judged.push(...changes(place, otherInputs));
  else if (tally.reads > 0) judged.push({ access: "read", ...readOf(counted), certainty: CERTAINTY.read });
  else if (tally.logReads > 0 && place.tables.length > 0) {
    judged.push({ access: "metadata", ...looked(counted.logReads), certainty: CERTAINTY.metadata });
  }
  if (tally.denied > 0) {
    judged.push({ access: "denied", ...looked(counted.denied), certainty: CERTAINTY.denied });
  }
  // what it did on another day is told with that day
  return counted === tally ? judged : judged.filter(({ evidence }) => evidence.requests > 0);
}
