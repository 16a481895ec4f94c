/** A workspace that is opened with the first question to it: checking declarations needs no address and no credentials. */
import type { JobsWorkspace, WorkspaceFiles } from "./workspace.ts";

/** Both doors of a workspace. */
export interface OpenedWorkspace {
  workspace: JobsWorkspace;
  files: WorkspaceFiles;
}

/**
 * Doors that open on first use. A failed opening is thrown by the call that needed it, and tried again by the next.
 * @param host shown before the workspace is opened
 */
export function lazyWorkspace(host: string, open: () => Promise<OpenedWorkspace>): OpenedWorkspace {
  let opening: Promise<OpenedWorkspace> | undefined;
  let opened: OpenedWorkspace | undefined;
  const get = async (): Promise<OpenedWorkspace> => {
    opening ??= open();
    try {
      opened = await opening;
      return opened;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const workspace = async () => (await get()).workspace;
  const files = async () => (await get()).files;
  return {
    workspace: {
      get host() {
        return opened?.workspace.host ?? host;
      },
      clockSkew: () => opened?.workspace.clockSkew() ?? 0,
      workspaceId: async (...asked) => (await workspace()).workspaceId(...asked),
      me: async (...asked) => (await workspace()).me(...asked),
      async *listJobs(...asked) {
        yield* (await workspace()).listJobs(...asked);
      },
      getJob: async (...asked) => (await workspace()).getJob(...asked),
      createJob: async (...asked) => (await workspace()).createJob(...asked),
      resetJob: async (...asked) => (await workspace()).resetJob(...asked),
      updateJob: async (...asked) => (await workspace()).updateJob(...asked),
      deleteJob: async (...asked) => (await workspace()).deleteJob(...asked),
      getPermissions: async (...asked) => (await workspace()).getPermissions(...asked),
      setPermissions: async (...asked) => (await workspace()).setPermissions(...asked),
      runNow: async (...asked) => (await workspace()).runNow(...asked),
      async *listRuns(...asked) {
        yield* (await workspace()).listRuns(...asked);
      },
      async *listQueries(...asked) {
        yield* (await workspace()).listQueries(...asked);
      },
      getQuery: async (...asked) => (await workspace()).getQuery(...asked),
      createQuery: async (...asked) => (await workspace()).createQuery(...asked),
      updateQuery: async (...asked) => (await workspace()).updateQuery(...asked),
      trashQuery: async (...asked) => (await workspace()).trashQuery(...asked),
      getRun: async (...asked) => (await workspace()).getRun(...asked),
    },
    files: {
      read: async (...asked) => (await files()).read(...asked),
      write: async (...asked) => (await files()).write(...asked),
      createNew: async (...asked) => (await files()).createNew(...asked),
      remove: async (...asked) => (await files()).remove(...asked),
      list: async (...asked) => (await files()).list(...asked),
      folders: async (...asked) => (await files()).folders(...asked),
    },
  };
}
