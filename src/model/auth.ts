/** How we sign in to a workspace or to Azure, as a user writes it. */
import * as z from "zod";
import { kinds } from "./kinds.ts";

const text = z.string().min(1);
const tenant = text.describe("Entra tenant id");

const resource = text.optional().describe("application that the token is for; default: Azure Databricks");

/** Ways to sign in to Azure. */
const SPN_KEY = z.strictObject({
  kind: z.literal("spn-key"),
  tenant,
  clientId: text,
  clientSecret: text.describe("a reference to the environment or a file"),
  authority: text.optional().describe("another login host"),
  resource,
});
const SPN_CERT = z.strictObject({
  kind: z.literal("spn-cert"),
  tenant,
  clientId: text,
  thumbprint: text.describe("hex, of the certificate: SHA-1 or SHA-256"),
  privateKeyFile: text.describe("PEM"),
  privateKeyPassphrase: text.optional().describe("a reference, where the key is encrypted"),
  authority: text.optional().describe("another login host"),
  resource,
});
const MSI = z.strictObject({
  kind: z.literal("msi"),
  clientId: text.optional().describe("of a user-assigned identity"),
  endpoint: text.optional().describe("another address of the metadata service"),
  resource,
});
const AZURE_CLI = z.strictObject({
  kind: z.literal("azure-cli"),
  tenant: text.optional(),
  subscription: text.optional(),
  resource,
});

/** Sign-in to Azure resources. */
export const AzureAuth = kinds("kind", [SPN_KEY, SPN_CERT, MSI, AZURE_CLI]);
export type AzureAuth = z.infer<typeof AzureAuth>;

const workspace = {
  workspaceResourceId: text
    .optional()
    .describe(
      "/subscriptions/…/workspaces/NAME, for a principal that is not yet in the workspace but has rights on it in Azure",
    ),
};

/** Sign-in to a Databricks workspace. */
export const WorkspaceAuth = kinds("kind", [
  z.strictObject({ kind: z.literal("pat"), token: text.describe("a reference to the environment or a file") }),
  z.strictObject({ kind: z.literal("oauth-m2m"), clientId: text, clientSecret: text }),
  SPN_KEY.extend(workspace),
  SPN_CERT.extend(workspace),
  MSI.extend(workspace),
  AZURE_CLI.extend(workspace),
  z.strictObject({
    kind: z.literal("profile"),
    profile: text.optional().describe("section of .databrickscfg; DEFAULT otherwise"),
    file: text.optional().describe("another file than ~/.databrickscfg"),
  }),
]);
export type WorkspaceAuth = z.infer<typeof WorkspaceAuth>;
