/** What a user may write for a notification of kind `smtp`. */
import * as z from "zod";

export const SmtpChannelConfig = z
  .strictObject({
    kind: z.literal("smtp"),
    name: z.string().min(1).optional(),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).optional(),
    user: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    from: z.string().min(1),
    to: z.array(z.string().min(1)).min(1),
    on: z.array(z.string().min(1)).min(1).describe("failed, late, recovered, …"),
  })
  .describe("mail");
export type SmtpChannelConfig = z.infer<typeof SmtpChannelConfig>;
