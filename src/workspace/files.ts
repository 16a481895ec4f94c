/** The door WorkspaceFiles over the Workspace API. */
import type { FilesApi } from "../clients/databricks/files.ts";
import { isAlreadyThere, isMissingPath } from "../clients/databricks/missing.ts";
import type { WorkspaceFiles } from "./workspace.ts";

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

/** Opens the files of a workspace. */
export function openDatabricksFiles({ client }: { client: { files: FilesApi } }): WorkspaceFiles {
  const { files } = client;

  /** Writes, and makes the folder where the service says that it is not there. */
  async function put(path: string, text: string, overwrite: boolean): Promise<void> {
    try {
      await files.import(path, text, { overwrite });
    } catch (error) {
      if (!isMissingPath(error)) throw error;
      await files.mkdirs(folderOf(path));
      await files.import(path, text, { overwrite });
    }
  }

  /** Names of what a folder holds of one type. */
  async function names(path: string, type: string): Promise<string[]> {
    try {
      const objects = await files.list(path);
      return objects
        .filter((object) => object.object_type === type)
        .map((object) => object.path.slice(object.path.lastIndexOf("/") + 1));
    } catch (error) {
      if (isMissingPath(error)) return [];
      throw error;
    }
  }

  return {
    read: async (path) => {
      try {
        return await files.export(path);
      } catch (error) {
        if (isMissingPath(error)) return undefined;
        throw error;
      }
    },
    write: async (path, text, { newFolder = false } = {}) => {
      if (newFolder) await files.mkdirs(folderOf(path));
      await put(path, text, true);
    },
    createNew: async (path, text) => {
      try {
        await put(path, text, false);
        return true;
      } catch (error) {
        if (isAlreadyThere(error)) return false;
        throw error;
      }
    },
    remove: async (path) => {
      try {
        await files.delete(path);
      } catch (error) {
        if (!isMissingPath(error)) throw error;
      }
    },
    list: (path) => names(path, "FILE"),
    folders: (path) => names(path, "DIRECTORY"),
  };
}
