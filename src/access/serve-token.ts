/** The file by which the command line finds a running server and its token: readable by its owner alone. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";

/** Content of `.headgate/serve-token`. */
export const ServeToken = z.object({
  /** Where the server answers, without a path. */
  url: z.string(),
  token: z.string(),
  /** Process id of the server. */
  pid: z.number().int(),
  /** UTC text. */
  startedAt: z.string(),
});
export type ServeToken = z.infer<typeof ServeToken>;

/** Writes the file with mode 0600, in place of one a dead server may have left. Makes its folder (0700). */
export async function writeServeToken(path: string, content: ServeToken): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A new file under another name: an old one might be readable by others, and its mode would stay.
  const fresh = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  const file = await open(fresh, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content)}\n`);
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

/** What the file says, or undefined where there is none or it is not one of ours. */
export async function readServeToken(path: string): Promise<ServeToken | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return ServeToken.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Removes the file if it is still that of this token: another server may have written its own since. */
export async function removeServeToken(path: string, token: string): Promise<void> {
  if ((await readServeToken(path))?.token === token) await rm(path, { force: true });
}
