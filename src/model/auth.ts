/** How we sign in to a workspace or to Azure, as a user writes it. */
import { z } from "zod";
import { kinds } from "./kinds.ts";

const text = z.string().min(1);
const tenant = text.describe("Entra tenant id");

/** Ways to sign in to Azure. */
const AZURE = [
  z.strictObject({
    kind: z.literal("spn-key"),
    tenant,
    clientId: text,
    clientSecret: text,
    authority: text.optional().describe("another login host"),
    resource: text.optional(),
  }),
  z.strictObject({
    kind: z.literal("spn-cert"),
    tenant,
    clientId: text,
    thumbprint: text.describe("hex, of the certificate"),
    privateKeyFile: text.describe("PEM"),
    authority: text.optional(),
    resource: text.optional(),
  }),
  z.strictObject({ kind: z.literal("msi"), clientId: text.optional().describe("of a user-assigned identity") }),
  z.strictObject({ kind: z.literal("azure-cli"), tenant: text.optional(), subscription: text.optional() }),
] as const;

/** Sign-in to Azure resources. */
export const AzureAuth = kinds("kind", AZURE);
export type AzureAuth = z.infer<typeof AzureAuth>;

/** Sign-in to a Databricks workspace. */
export const WorkspaceAuth = kinds("kind", [
  z.strictObject({ kind: z.literal("pat"), token: text.describe("a reference to the environment or a file") }),
  z.strictObject({ kind: z.literal("oauth-m2m"), clientId: text, clientSecret: text }),
  ...AZURE,
  z.strictObject({
    kind: z.literal("profile"),
    profile: text.optional().describe("section of .databrickscfg; DEFAULT otherwise"),
    file: text.optional().describe("another file than ~/.databrickscfg"),
  }),
]);
export type WorkspaceAuth = z.infer<typeof WorkspaceAuth>;
