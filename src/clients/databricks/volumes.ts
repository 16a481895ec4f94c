/** Files API 2.0: files and folders of Unity Catalog volumes. */
import type { JsonObject } from "../../util/json.ts";
import type { Connection } from "./connection.ts";
import { readPages } from "./pages.ts";

/** An entry of a folder. */
export interface VolumeEntry extends JsonObject {
  /** `/Volumes/…`. */
  path: string;
  is_directory: boolean;
}

/** See {@link volumesApi}. Paths begin with `/Volumes/<catalog>/<schema>/<volume>`. */
export interface VolumesApi {
  /** Text of a file. @throws HttpFailure 404 `NOT_FOUND` where there is none */
  read(path: string): Promise<string>;
  /** Entries of a folder, page by page. @throws HttpFailure 404 `NOT_FOUND` where there is none */
  list(path: string): AsyncIterable<VolumeEntry>;
}

/** The calls on files of volumes (Databricks Files API reference). */
export function volumesApi(connection: Connection): VolumesApi {
  return {
    read: (path) =>
      connection.text({
        method: "GET",
        path: `/api/2.0/fs/files${encoded(path)}`,
        safe: true,
        grant: `READ VOLUME on the volume of ${path} (and USE CATALOG and USE SCHEMA above it)`,
      }),
    async *list(path) {
      const read = (page_token: string | undefined) =>
        connection.json({
          method: "GET",
          path: `/api/2.0/fs/directories${encoded(path)}`,
          query: { page_token },
          safe: true,
          grant: `READ VOLUME on the volume of ${path} (and USE CATALOG and USE SCHEMA above it)`,
        });
      for await (const page of readPages(read)) yield* (page.contents ?? []) as VolumeEntry[];
    },
  };
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
