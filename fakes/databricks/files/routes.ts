/** The Workspace API: import, export, mkdirs, get-status, list, delete; and the raw import of workspace files. */
import { ApiError, absent, invalid } from "../api-error.ts";
import { type Call, Reply, type Route } from "../http/router.ts";
import { type JsonObject, wireId } from "../json.ts";
import type { World } from "../world.ts";
import { demandRead, demandWrite, mayRead } from "./rights.ts";
import { canonicalPath, type FileNode, parentOf } from "./tree.ts";

const API = "/api/2.0/workspace";
const LIMIT = 10 * 1024 * 1024;
const NOTEBOOK_HEADER = /^(?:#|--|\/\/) Databricks notebook source/;

export const fileRoutes: Route[] = [
  { method: "POST", path: `${API}/import`, handle: importFile },
  { method: "GET", path: `${API}/export`, handle: exportFile },
  { method: "POST", path: `${API}/mkdirs`, handle: mkdirs },
  { method: "GET", path: `${API}/get-status`, handle: getStatus },
  { method: "GET", path: `${API}/list`, handle: list },
  { method: "POST", path: `${API}/delete`, handle: remove },
  { method: "POST", path: "/api/2.0/workspace-files/import-file/(.+)", handle: importRaw },
];

function pathIn(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("/"))
    throw invalid(`Path (${value ?? ""}) doesn't start with '/'`);
  return canonicalPath(value);
}

function nodeAt(world: World, path: string): FileNode {
  const node = world.files.find(path);
  if (!node) throw absent(`Path (${path}) doesn't exist.`);
  return node;
}

/** Writes a file after all checks. @param exists the refusal when something is there and must not be replaced */
function write(
  world: World,
  call: Call,
  path: string,
  file: { content: Buffer; kind: "file" | "notebook"; language: string | undefined; overwrite: boolean },
  exists: ApiError,
): void {
  demandWrite(call.principal, path);
  if (file.content.length > LIMIT) {
    throw new ApiError(
      400,
      "MAX_NOTEBOOK_SIZE_EXCEEDED",
      `File size imported is (${file.content.length} bytes), exceeded max size (${LIMIT} bytes)`,
    );
  }
  const parent = world.files.find(parentOf(path));
  if (parent?.kind !== "directory") throw absent(`The parent folder (${parentOf(path)}) does not exist.`);
  const old = world.files.find(path);
  if (old && (!file.overwrite || old.kind === "directory")) throw exists;
  world.files.put({ ...file, path, creator: call.principal.userName });
}

function importFile(world: World, call: Call): object {
  const body = call.body();
  const path = pathIn(body.path);
  if (typeof body.content !== "string") throw invalid("content is required.");
  const content = Buffer.from(body.content, "base64");
  const format = String(body.format ?? "SOURCE");
  const language = body.language === undefined ? undefined : String(body.language);
  const notebook =
    format === "SOURCE" ? true : format === "AUTO" && NOTEBOOK_HEADER.test(content.toString("utf8", 0, 64));
  if (format === "SOURCE" && language === undefined) {
    throw invalid("The language of a notebook is required with format SOURCE.");
  }
  const exists = new ApiError(
    400,
    "RESOURCE_ALREADY_EXISTS",
    `${path} already exists. Please pass overwrite=true to update it.`,
  );
  const kind = notebook ? "notebook" : "file";
  write(world, call, path, { content, kind, language, overwrite: body.overwrite === true }, exists);
  return {};
}

function importRaw(world: World, call: Call): object {
  const path = canonicalPath(`/${call.groups[0]}`);
  const exists = new ApiError(409, "ALREADY_EXISTS", `Node with name ${path} already exists`);
  const kind = NOTEBOOK_HEADER.test(call.bytes.toString("utf8", 0, 64)) ? "notebook" : "file";
  const overwrite = call.query.get("overwrite") === "true";
  write(world, call, path, { content: call.bytes, kind, language: undefined, overwrite }, exists);
  return {};
}

function exportFile(world: World, call: Call): object {
  const path = pathIn(call.query.get("path"));
  demandRead(call.principal, path);
  const node = nodeAt(world, path);
  if (node.kind === "directory") throw invalid(`Path (${path}) is a folder; only notebooks and files can be exported.`);
  if (call.query.get("direct_download") === "true") {
    return new Reply(200, node.content, { "content-type": "application/octet-stream" });
  }
  const extension = /\.([^./]+)$/.exec(path)?.[1];
  return { content: node.content.toString("base64"), file_type: extension ?? "txt" };
}

function mkdirs(world: World, call: Call): object {
  const path = pathIn(call.body().path);
  if (world.files.find(path)?.kind === "directory") return {};
  demandWrite(call.principal, path);
  for (let place = path; place !== "/"; place = parentOf(place)) {
    const node = world.files.find(place);
    if (node && node.kind !== "directory") {
      throw new ApiError(400, "RESOURCE_ALREADY_EXISTS", `Path (${place}) already exists and is not a folder.`);
    }
  }
  world.files.makeFolder(path, call.principal.userName);
  return {};
}

function getStatus(world: World, call: Call): object {
  const path = pathIn(call.query.get("path"));
  demandRead(call.principal, path);
  return describe(nodeAt(world, path));
}

function list(world: World, call: Call): object {
  const path = pathIn(call.query.get("path"));
  demandRead(call.principal, path);
  const node = nodeAt(world, path);
  const nodes = node.kind === "directory" ? world.files.children(path) : [node];
  const objects = nodes.filter((child) => mayRead(call.principal, child.path)).map(describe);
  return objects.length > 0 ? { objects } : {};
}

function remove(world: World, call: Call): object {
  const body = call.body();
  const path = pathIn(body.path);
  demandWrite(call.principal, path);
  const node = nodeAt(world, path);
  if (node.kind === "directory" && body.recursive !== true && world.files.children(path).length > 0) {
    throw new ApiError(400, "DIRECTORY_NOT_EMPTY", `Folder (${path}) is not empty`);
  }
  world.files.remove(path);
  return {};
}

function describe(node: FileNode): JsonObject {
  return {
    path: node.path,
    object_type: node.kind.toUpperCase(),
    object_id: wireId(node.id),
    resource_id: node.id,
    language: node.kind === "notebook" ? node.language : undefined,
    size: node.kind === "file" ? node.content.length : undefined,
    created_at: node.kind === "directory" ? undefined : node.createdAt,
    modified_at: node.kind === "directory" ? undefined : node.modifiedAt,
  };
}
