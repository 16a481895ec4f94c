/** Workspace API 2.0: small files and folders. */
import type { JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";

/** `workspace/import` takes at most 10 MB of base64, which 7 MB of content stay under. */
const IMPORT_LIMIT = 7_000_000;

/** An entry of a folder. */
export interface WorkspaceObject extends JsonObject {
  path: string;
  /** `FILE`, `DIRECTORY`, `NOTEBOOK`, `REPO`, … */
  object_type: string;
}

/** See {@link filesApi}. */
export interface FilesApi {
  /** Text of a file. @throws HttpFailure 404 `RESOURCE_DOES_NOT_EXIST` where there is none */
  export(path: string): Promise<string>;
  /** Writes a file. @throws HttpFailure `RESOURCE_ALREADY_EXISTS` without `overwrite`, 404 where its folder is not there */
  import(path: string, text: string, options: { overwrite: boolean }): Promise<void>;
  /** Makes a folder and all above it; no error where it is there. */
  mkdirs(path: string): Promise<void>;
  delete(path: string, options?: { recursive?: boolean }): Promise<void>;
  list(path: string): Promise<WorkspaceObject[]>;
}

/** The calls on workspace files (Databricks Workspace API reference). */
export function filesApi(connection: Connection): FilesApi {
  const post = (verb: string, path: string, more: JsonObject, safe: boolean) =>
    connection.json({
      method: "POST",
      path: `/api/2.0/workspace/${verb}`,
      json: { path, ...more },
      safe,
      grant: `CAN_EDIT on ${path} (or on its folder)`,
    });

  return {
    export: (path) =>
      connection.text({
        method: "GET",
        path: "/api/2.0/workspace/export",
        query: { path, format: "AUTO", direct_download: true },
        safe: true,
        grant: `CAN_READ on ${path} (or on its folder)`,
      }),
    import: async (path, text, { overwrite }) => {
      const bytes = Buffer.from(text, "utf8");
      if (bytes.length <= IMPORT_LIMIT) {
        // A repeat of an overwrite is harmless; a repeat of a creation would be refused by its own first effect.
        await post("import", path, { format: "AUTO", content: bytes.toString("base64"), overwrite }, overwrite);
        return;
      }
      await connection.text({
        method: "POST",
        path: `/api/2.0/workspace-files/import-file/${encodePath(path)}`,
        query: { overwrite },
        bytes,
        safe: overwrite,
        timeoutMs: 300_000,
        grant: `CAN_EDIT on ${path} (or on its folder)`,
      });
    },
    mkdirs: async (path) => {
      await post("mkdirs", path, {}, true);
    },
    delete: async (path, options) => {
      await post("delete", path, { recursive: options?.recursive ?? false }, true);
    },
    list: async (path) => {
      const answer = await connection.json({
        method: "GET",
        path: "/api/2.0/workspace/list",
        query: { path },
        safe: true,
        grant: `CAN_READ on ${path}`,
      });
      return (answer.objects ?? []) as WorkspaceObject[];
    },
  };
}

function encodePath(path: string): string {
  return path.replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
}
