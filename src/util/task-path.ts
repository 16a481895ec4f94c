/** A process and a task as they are written on the command line and in URLs. Without schemas: every start of the program reads it. */

/** A process, by its codes. */
export interface ProcessPath {
  projectCode: string;
  processLoad: string;
}

/** A declared task, as it is written on the command line and in URLs: `CORP/HR_DAILY/1/7`, codes percent-encoded where they hold a `/`. */
export interface TaskPath extends ProcessPath {
  workflowId: number;
  taskId: number;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined; // a lone `%`
    throw error;
  }
}

/** The process of `CORP/HR_DAILY`, or undefined when the text is none. */
export function parseProcessPath(text: string): ProcessPath | undefined {
  const [projectCode, processLoad, ...rest] = text.split("/").map(decoded);
  return projectCode && processLoad && rest.length === 0 ? { projectCode, processLoad } : undefined;
}

/** The task of `CORP/HR_DAILY/1/7`, or undefined when the text is none. */
export function parseTaskPath(text: string): TaskPath | undefined {
  const [projectCode, processLoad, workflow = "", task = "", ...rest] = text.split("/").map(decoded);
  if (!projectCode || !processLoad || !/^\d{1,9}$/.test(workflow) || !/^\d{1,9}$/.test(task) || rest.length > 0) {
    return undefined;
  }
  return { projectCode, processLoad, workflowId: Number(workflow), taskId: Number(task) };
}

/** The text of a task, as {@link parseTaskPath} reads it. */
export function formatTaskPath(task: TaskPath): string {
  return `${encodeURIComponent(task.projectCode)}/${encodeURIComponent(task.processLoad)}/${task.workflowId}/${task.taskId}`;
}

/** True for a calendar day (`2026-11-21`). */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}
