/** Serves the page: the files of one folder, listed once at the start, so that no path can lead out of it. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { type Encoding, encode, encodingOf, SMALL } from "./encoding.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
  ".map": "application/json",
};
const COMPRESSED = new Set([".html", ".js", ".css", ".json", ".svg", ".webmanifest", ".txt", ".map"]);
/** A file whose name holds the hash of its content (`assets/index-DiwrgTda.js`, as Vite names them) never changes. */
const HASHED = /^assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

interface Asset {
  type: string;
  etag: string;
  cache: string;
  body: Uint8Array<ArrayBuffer>;
  /** Smaller forms by `Content-Encoding`, made when first asked for. */
  smaller: Map<string, Promise<Uint8Array<ArrayBuffer>>>;
  compress: boolean;
}

/** The page's files. */
export interface StaticFiles {
  /** True where there is a page at all. */
  readonly built: boolean;
  /**
   * Answers a GET or HEAD. A path without an extension that is no file gets the page itself, whose own routes it
   * belongs to; undefined where there is nothing.
   */
  answer(path: string, request: Request): Promise<Response | undefined>;
}

async function listFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function loadAsset(file: string, name: string): Promise<Asset> {
  const body = new Uint8Array(await readFile(file));
  const extension = extname(name);
  return {
    type: TYPES[extension] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    cache: HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
    body,
    smaller: new Map(),
    compress: COMPRESSED.has(extension) && body.byteLength > SMALL,
  };
}

function bodyOf(asset: Asset, encoding: Encoding | undefined): Promise<Uint8Array<ArrayBuffer>> {
  if (encoding === undefined) return Promise.resolve(asset.body);
  const held = asset.smaller.get(encoding);
  if (held !== undefined) return held;
  const made = encode(asset.body, encoding, false);
  asset.smaller.set(encoding, made);
  return made;
}

/** Reads a folder of built files (`dist/web`) into memory; a folder that is not there gives a page that is not built. */
export async function loadStatic(folder: string | undefined): Promise<StaticFiles> {
  const assets = new Map<string, Asset>();
  if (folder !== undefined) {
    for (const file of await listFiles(folder)) {
      const name = relative(folder, file).split(sep).join("/");
      assets.set(name, await loadAsset(file, name));
    }
  }
  const index = assets.get("index.html");

  return {
    built: index !== undefined,
    async answer(path, request) {
      const name = path === "/" ? "index.html" : path.slice(1);
      const asset = assets.get(name) ?? (extname(name) === "" ? index : undefined);
      if (asset === undefined) return undefined;
      const encoding = asset.compress ? encodingOf(request.headers.get("accept-encoding") ?? "") : undefined;
      const headers: Record<string, string> = {
        "cache-control": asset.cache,
        etag: asset.etag,
        "content-type": asset.type,
      };
      if (asset.compress) headers.vary = "accept-encoding";
      if (request.headers.get("if-none-match") === asset.etag) return new Response(null, { status: 304, headers });
      const body = await bodyOf(asset, encoding);
      if (encoding !== undefined) headers["content-encoding"] = encoding;
      headers["content-length"] = String(body.byteLength);
      return new Response(request.method === "HEAD" ? null : body, { headers });
    },
  };
}
