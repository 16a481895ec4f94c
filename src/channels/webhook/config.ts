/** What a user may write for a notification of kind `webhook`. */
import * as z from "zod";

export const WebhookChannelConfig = z
  .strictObject({
    kind: z.literal("webhook"),
    name: z.string().min(1).optional(),
    url: z.string().min(1),
    on: z.array(z.string().min(1)).min(1).describe("failed, late, recovered, …"),
  })
  .describe("a POST to a URL");
export type WebhookChannelConfig = z.infer<typeof WebhookChannelConfig>;
