/** Control calls on jobs: what people do in the user interface, and quick seeding. None of them asks for rights. */
import type { Principal } from "../auth/principals.ts";
import { type Job, settingsOf } from "../jobs/book.ts";
import { createJob, resetJob, updateJob } from "../jobs/change.ts";
import { type AccessList, LEVELS } from "../jobs/rights.ts";
import type { JsonObject } from "../json.ts";
import type { World } from "../world.ts";

/** A job as the control calls show it. */
export interface JobView {
  jobId: string;
  creator: string;
  createdAt: number;
  settings: JsonObject;
  permissions: Record<string, string>;
}

export function jobControl(world: World) {
  const actor = (as: string | undefined): Principal => {
    const principal = as === undefined ? world.directory.all().find(({ admin }) => admin) : world.directory.find(as);
    if (!principal) throw new Error(as === undefined ? "the workspace has no admin" : `no principal named ${as}`);
    return principal;
  };
  const find = (id: string): Job => {
    const job = world.jobs.find(id);
    if (!job) throw new Error(`no job ${id}`);
    return job;
  };
  const view = (job: Job): JobView => ({
    jobId: job.id,
    creator: job.creator,
    createdAt: job.createdAt,
    settings: settingsOf(job),
    permissions: Object.fromEntries(job.access),
  });
  return {
    /** Makes jobs, as `as` (default: the first admin). The settings are copied. @returns their ids */
    seedJobs(args: { jobs: JsonObject[]; as?: string }): { jobIds: string[] } {
      const principal = actor(args.as);
      return { jobIds: args.jobs.map((settings) => createJob(world, structuredClone(settings), principal).id) };
    },
    /** All jobs of everybody, in order of creation. Their settings are not to be changed. */
    jobs(): JobView[] {
      return world.jobs.all().map(view);
    },
    /** One job. @throws Error when there is none */
    job(args: { jobId: string }): JobView {
      return view(find(args.jobId));
    },
    /** Edits a job like somebody in the user interface: `settings` are replaced field by field, `remove` names top-level fields; with `replace` all settings. */
    editJob(args: {
      jobId: string;
      settings?: JsonObject;
      remove?: string[];
      replace?: JsonObject;
      as?: string;
    }): JobView {
      const job = find(args.jobId);
      actor(args.as);
      if (args.replace) resetJob(world, job, structuredClone(args.replace));
      const { settings = {}, remove = [] } = args;
      // Unlike `jobs/update`, the interface can also take away tasks: lists are replaced whole.
      const lists = ["tasks", "job_clusters"].filter((name) => settings[name] !== undefined);
      if (args.settings || args.remove) updateJob(world, job, structuredClone(settings), [...remove, ...lists]);
      return view(job);
    },
    /** Copies a job as the interface's clone does: all settings with its tags, queue on, another name, another creator. @returns the copy's id */
    cloneJob(args: { jobId: string; as?: string; suffix?: string }): { jobId: string } {
      const settings = structuredClone(settingsOf(find(args.jobId)));
      settings.name = `${settings.name ?? "Untitled"}${args.suffix ?? " (clone)"}`;
      settings.queue ??= { enabled: true };
      settings.run_as = undefined;
      return { jobId: createJob(world, settings, actor(args.as)).id };
    },
    /** Removes tags, all or those named. */
    stripTags(args: { jobId: string; keys?: string[] }): JobView {
      const job = find(args.jobId);
      const tags = Object.entries((settingsOf(job).tags ?? {}) as JsonObject);
      const kept = args.keys ? tags.filter(([key]) => !args.keys?.includes(key)) : [];
      updateJob(world, job, { tags: Object.fromEntries(kept) }, []);
      return view(job);
    },
    /** Deletes a job behind everybody's back. */
    deleteJob(args: { jobId: string }): object {
      world.jobs.remove(find(args.jobId));
      return {};
    },
    /** Gives or (level null) takes a direct permission. `principal`: `user_name:NAME`, `group_name:NAME` or `service_principal_name:ID`. */
    grant(args: { jobId: string; principal: string; level: string | null }): JobView {
      const job = find(args.jobId);
      const access: AccessList = new Map(job.access);
      const level = LEVELS.find((name) => name === args.level);
      if (level === undefined && args.level !== null) throw new Error(`no permission level ${args.level}`);
      if (level === undefined) access.delete(args.principal);
      else access.set(args.principal, level);
      job.access = access;
      return view(job);
    },
  };
}
