/** Azure's clouds: which login host and which resources belong to a workspace's address. */

/** The application that every Azure Databricks workspace is, in all clouds (Azure Databricks docs, "Get Microsoft Entra ID tokens for service principals"). */
export const DATABRICKS_RESOURCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";

/** Resource of a token that proves rights on the workspace as an Azure resource. */
export const MANAGEMENT_RESOURCE = "https://management.core.windows.net/";

const LOGIN_HOSTS: readonly [suffix: string, login: string][] = [
  [".databricks.azure.us", "https://login.microsoftonline.us"],
  [".databricks.azure.cn", "https://login.chinacloudapi.cn"],
];

/** Login host for a workspace's address; that of the public cloud for any other. */
export function loginHostOf(workspaceHost: string): string {
  const { hostname } = new URL(workspaceHost);
  return LOGIN_HOSTS.find(([suffix]) => hostname.endsWith(suffix))?.[1] ?? "https://login.microsoftonline.com";
}
