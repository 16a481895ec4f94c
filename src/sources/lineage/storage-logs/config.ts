/** What a user may write for a lineage source of kind `storage-logs`. */
import * as z from "zod";
import { AzureAuth } from "../../../model/auth.ts";

export const StorageLogsConfig = z
  .strictObject({
    kind: z.literal("storage-logs"),
    name: z.string().min(1).optional(),
    path: z.string().min(1).optional().describe("files or a pattern on this machine"),
    account: z.string().min(1).optional().describe("storage account that holds the logs"),
    container: z.string().min(1).optional(),
    auth: AzureAuth.optional(),
  })
  .refine((value) => (value.path === undefined) !== (value.account === undefined || value.container === undefined), {
    error: "give either a path, or account and container",
  })
  .describe("access logs of Azure storage accounts");
export type StorageLogsConfig = z.infer<typeof StorageLogsConfig>;
