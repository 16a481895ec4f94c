/** What programs other than Databricks ask of storage: reports, copies, explorers, scanners, and other storage services. */
import type { Lake } from "../lake.ts";
import type { Random } from "../random.ts";
import type { Request, Shows } from "../request.ts";
import type { Visit } from "../world.ts";
import type { Played } from "./play.ts";

const BETWEEN_MS = 350;

type Kind = Pick<Request, "operation" | "status" | "query"> & Partial<Request>;

const PROPERTIES: Kind = { operation: "GetBlobProperties", status: 200, query: "", endpoint: "blob" };
const BLOB: Kind = { operation: "GetBlob", status: 206, query: "", endpoint: "blob" };
const LIST: Kind = { operation: "ListBlobs", status: 200, query: "restype=container&comp=list", endpoint: "blob" };

/** What each guest asks of one file. */
function kindsOf(guest: Visit["guest"], bytes: number): (Kind & { shows?: Shows })[] {
  switch (guest) {
    case "powerbi":
    case "azcopy":
      return [PROPERTIES, { ...BLOB, received: bytes, range: `bytes=0-${bytes - 1}`, shows: "rows" }];
    case "explorer":
      return [{ ...LIST, received: 4_000 }, PROPERTIES];
    case "factory":
      return [
        { operation: "CreatePathFile", status: 201, query: "resource=file" },
        { operation: "AppendFile", status: 202, query: "action=append&position=0", sent: bytes, shows: "put" },
        { operation: "FlushFile", status: 200, query: `action=flush&position=${bytes}`, shows: "put" },
      ];
    case "python":
      return [{ operation: "ReadFile", status: 403, query: "", shows: "tried" }];
    case "scanner":
      return [
        { operation: "SetBlobTier", status: 200, query: "comp=tier", endpoint: "blob" },
        // another service of the same account, whose log lines look alike
        { operation: "GetMessages", status: 200, query: "numofmessages=1", endpoint: "queue" },
      ];
    case "crawler":
      return [{ ...PROPERTIES, status: 404 }];
  }
}

/** Plays one visit. */
export function* playVisit(visit: Visit, start: number, random: Random, lake: Lake): Generator<Played> {
  let time = start;
  for (const name of visit.of) {
    const lying = lake.at(name);
    for (const file of lying.files.slice(-visit.files)) {
      for (const kind of kindsOf(visit.guest, file.bytes)) {
        const request: Request = {
          ...kind,
          of: name,
          folder: lying.folder,
          path: `${lying.folder.path}/${file.path}`,
        };
        yield { time, request, access: kind.shows === "put" ? "write" : "read" };
        time += BETWEEN_MS * (0.5 + random.next());
      }
    }
  }
}
