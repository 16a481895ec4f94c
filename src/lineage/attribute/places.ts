/** The places an actor touched: tables, locations of several tables, paths of no table. */
import type { AccessAggregate } from "../../engines/engine.ts";
import { besideData, checkpointAt, type FileKind, withoutStaging } from "./file-kind.ts";
import { byText, type Found, type PlacedTable, placeKey } from "./locations.ts";
import type { Effect } from "./operations.ts";
import type { StoragePath } from "./storage-path.ts";
import { addTally, count, emptyTally, hasWritten, type Tally } from "./tally.ts";

/** A place and what happened there. */
export interface Place {
  key: string;
  /** None: a path of no table. Several: files that more than one table names. */
  tables: readonly PlacedTable[];
  /** The table's folder, or of a path the folder that holds its files. */
  path: StoragePath;
  /** All that happened there: by this it is judged. */
  tally: Tally;
  /** What of it is counted; the same tally unless only one day of several is counted. */
  counted: Tally;
  /** A streaming checkpoint lies here. */
  checkpoint?: true;
}

/** Places of one actor by their key. */
export type Places = Map<string, Place>;

/** The folder that a file of no table is one of: without staging, hidden folders and partitions (`day=1`). */
function folderOf(path: StoragePath, operation: string): StoragePath {
  const isFolder = operation === "RenamePathDir" || operation === "DeleteDirectory" || path.listed === true;
  const whole = withoutStaging(path.segments);
  const segments = whole.length < path.segments.length || isFolder ? [...whole] : whole.slice(0, -1);
  const beside = besideData(path.segments);
  if (beside >= 0) segments.splice(beside);
  while (segments.at(-1)?.includes("=")) segments.pop();
  return { account: path.account, container: path.container, segments };
}

/** A checkpoint has one file beside its folders, of a name that data may have too: it is kept apart until more is known. */
const isMaybeCheckpoint = (path: StoragePath): boolean =>
  path.listed !== true && path.segments.length > 1 && path.segments.at(-1) === "metadata";

function placeOf(path: StoragePath, found: Found, operation: string, apart: boolean): Place {
  const [only] = found.tables;
  const place = only === undefined ? (isMaybeCheckpoint(path) ? path : folderOf(path, operation)) : only.root;
  const keys = found.tables.map((table) => placeKey(table.root)).sort(byText);
  const tally = emptyTally();
  return {
    key: keys.length > 1 ? keys.join(" | ") : placeKey(place),
    tables: found.tables,
    path: place,
    tally,
    counted: apart ? emptyTally() : tally,
  };
}

/**
 * Adds a group of requests to the place it is about.
 * @param counts whether it is counted; with `apart`, what is not is still judged by
 */
export function addToPlaces(
  places: Places,
  group: AccessAggregate,
  effect: Effect,
  path: StoragePath,
  found: Found,
  { apart, counts }: { apart: boolean; counts: boolean },
): void {
  const fresh = placeOf(path, found, group.operation, apart);
  const place = places.get(fresh.key) ?? fresh;
  places.set(place.key, place);
  if (found.tables.length === 0 && checkpointAt(path.segments) >= 0) place.checkpoint = true;
  const kind: FileKind = found.kind;
  count(place.tally, group, effect, kind);
  if (apart && counts) count(place.counted, group, effect, kind);
}

/** Passes over the `metadata` of streaming checkpoints; where none is, it is a file of its folder like any other. */
export function settleCheckpoints(places: Places): void {
  for (const place of [...places.values()]) {
    if (place.tables.length > 0 || !isMaybeCheckpoint(place.path)) continue;
    const path = { ...place.path, segments: place.path.segments.slice(0, -1) };
    const key = placeKey(path);
    const folder = places.get(key);
    places.delete(place.key);
    if (folder?.checkpoint) continue;
    if (folder === undefined) places.set(key, { ...place, key, path });
    else addPlace(folder, place);
  }
}

function addPlace(to: Place, from: Place): void {
  addTally(to.tally, from.tally);
  if (to.counted !== to.tally) addTally(to.counted, from.counted);
}

const sameAccess = (a: Tally, b: Tally): boolean => (a.reads > 0 && b.reads > 0) || (hasWritten(a) && hasWritten(b));

/**
 * Settles which of several tables was meant where their files are the same, by what else the same actor did: the one
 * whose own files it touched in the same way, else the one whose own folder it asked for. What remains open stays.
 */
export function settleSharedFiles(places: Places): void {
  for (const place of [...places.values()]) {
    if (place.tables.length < 2) continue;
    const own = place.tables.flatMap((table) => places.get(placeKey(table.root)) ?? []);
    const touched = own.filter((other) => sameAccess(place.tally, other.tally));
    const probed = own.filter((other) => other.tally.probes > 0);
    const meant = touched.length > 0 ? touched : probed;
    const [only] = meant;
    if (only === undefined || meant.length > 1) continue;
    addPlace(only, place);
    places.delete(place.key);
  }
}
