/** The Files API: files and folders of Unity Catalog volumes (`/Volumes/catalog/schema/volume/…`). */
import { ApiError, invalid } from "../api-error.ts";
import { type Call, Reply, type Route } from "../http/router.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../world.ts";
import { demandRead } from "./rights.ts";
import { canonicalPath, type FileNode, parentOf } from "./tree.ts";

const API = "/api/2.0/fs";
const PAGE = 1_000;

export const volumeRoutes: Route[] = [
  { method: "GET", path: `${API}/directories(/.*)`, handle: listFolder },
  { method: "PUT", path: `${API}/directories(/.*)`, handle: makeFolder },
  { method: "GET", path: `${API}/files(/.*)`, handle: readFile },
  { method: "PUT", path: `${API}/files(/.*)`, handle: writeFile },
  { method: "DELETE", path: `${API}/files(/.*)`, handle: removeFile },
];

const absent = (path: string) => new ApiError(404, "NOT_FOUND", `The file or directory ${path} is not found.`);

function placeIn(call: Call): string {
  const path = canonicalPath(call.groups[0] ?? "");
  if (path.split("/")[1] !== "Volumes" || path.split("/").length < 5) {
    throw invalid(`Invalid path: ${path}. Only paths under /Volumes/<catalog>/<schema>/<volume> are supported.`);
  }
  demandRead(call.principal, path);
  return path;
}

function listFolder(world: World, call: Call): object {
  const path = placeIn(call);
  if (world.files.find(path)?.kind !== "directory") throw absent(path);
  const size = Math.min(PAGE, Number(call.query.get("page_size") ?? PAGE));
  const from = Number(call.query.get("page_token") ?? 0);
  const nodes = world.files.children(path);
  const contents = nodes.slice(from, from + size).map(describe);
  const more = from + size < nodes.length ? { next_page_token: String(from + size) } : {};
  return { ...(contents.length > 0 ? { contents } : {}), ...more };
}

function describe(node: FileNode): JsonObject {
  const folder = node.kind === "directory";
  return {
    path: node.path,
    is_directory: folder,
    file_size: folder ? undefined : node.content.length,
    last_modified: folder ? undefined : node.modifiedAt,
    name: node.path.slice(node.path.lastIndexOf("/") + 1),
  };
}

function readFile(world: World, call: Call): object {
  const path = placeIn(call);
  const node = world.files.find(path);
  if (node === undefined || node.kind === "directory") throw absent(path);
  return new Reply(200, node.content, {
    "content-type": "application/octet-stream",
    "last-modified": new Date(node.modifiedAt).toUTCString(),
  });
}

function makeFolder(world: World, call: Call): object {
  world.files.makeFolder(placeIn(call), call.principal.userName);
  return new Reply(204, "", {});
}

function writeFile(world: World, call: Call): object {
  const path = placeIn(call);
  const old = world.files.find(path);
  if (old && call.query.get("overwrite") !== "true") {
    throw new ApiError(409, "ALREADY_EXISTS", `The file ${path} already exists.`);
  }
  world.files.makeFolder(parentOf(path), call.principal.userName);
  world.files.put({ path, kind: "file", content: call.bytes, language: undefined, creator: call.principal.userName });
  return new Reply(204, "", {});
}

function removeFile(world: World, call: Call): object {
  const path = placeIn(call);
  if (world.files.find(path) === undefined) throw absent(path);
  world.files.remove(path);
  return new Reply(204, "", {});
}
