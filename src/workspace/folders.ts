/** The door RemoteFolders: workspace folders by the Workspace API, volumes by the Files API. */
import type { FilesApi } from "../clients/databricks/files.ts";
import { isMissingPath } from "../clients/databricks/missing.ts";
import type { VolumesApi } from "../clients/databricks/volumes.ts";
import type { FolderEntry, RemoteFolders } from "./workspace.ts";

const isVolume = (path: string) => path.startsWith("/Volumes/");

/** The Workspace API gives paths without the `/Workspace` that people write. */
const asWritten = (path: string) => (path.startsWith("/Workspace/") ? path : `/Workspace${path}`);

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissingPath(error)) return undefined;
    throw error;
  }
}

/** The part of a client that is needed. */
interface FoldersClient {
  files: Pick<FilesApi, "export" | "list">;
  volumes: VolumesApi;
}

/** Opens the folders of a workspace. */
export function openDatabricksFolders({ client }: { client: FoldersClient }): RemoteFolders {
  const { files, volumes } = client;

  async function volumeEntries(path: string): Promise<FolderEntry[]> {
    const entries: FolderEntry[] = [];
    for await (const entry of volumes.list(path)) {
      entries.push({ path: entry.path.replace(/\/$/, ""), kind: entry.is_directory ? "folder" : "file" });
    }
    return entries;
  }

  async function workspaceEntries(path: string): Promise<FolderEntry[]> {
    return (await files.list(path)).map(({ path: at, object_type }) => ({
      path: asWritten(at),
      kind:
        object_type === "DIRECTORY" || object_type === "REPO" ? "folder" : object_type === "FILE" ? "file" : "other",
    }));
  }

  return {
    read: (path) => unlessMissing(isVolume(path) ? volumes.read(path) : files.export(path)),
    entries: (path) => unlessMissing(isVolume(path) ? volumeEntries(path) : workspaceEntries(path)),
  };
}

/** The same, opened with the first question. */
export function lazyFolders(open: () => Promise<FoldersClient>): RemoteFolders {
  const folders = async () => openDatabricksFolders({ client: await open() });
  return {
    read: async (path) => (await folders()).read(path),
    entries: async (path) => (await folders()).entries(path),
  };
}
