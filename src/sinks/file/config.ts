/** What a user may write for a sink of kind `file`. */
import * as z from "zod";

export const FileSinkConfig = z
  .strictObject({
    kind: z.literal("file"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).describe("an event a line is appended"),
  })
  .describe("a file of events");
export type FileSinkConfig = z.infer<typeof FileSinkConfig>;
