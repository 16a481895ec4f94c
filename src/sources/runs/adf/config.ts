/** What a user may write for a run source of kind `adf`. */
import * as z from "zod";
import { AzureAuth } from "../../../model/auth.ts";

export const AdfRunsConfig = z
  .strictObject({
    kind: z.literal("adf"),
    name: z.string().min(1).optional(),
    subscription: z.string().min(1),
    resourceGroup: z.string().min(1),
    factory: z.string().min(1),
    auth: AzureAuth,
  })
  .describe("pipeline runs of an Azure Data Factory");
export type AdfRunsConfig = z.infer<typeof AdfRunsConfig>;
