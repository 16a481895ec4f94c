/**
 * Which way to sign in the official tools' settings mean: the same fields stand in a profile of `.databrickscfg` and in
 * variables of the environment (Databricks docs, "Databricks unified authentication"). Pure.
 */
import type { LoginWish } from "./open.ts";

/** Every field that is read, with its key in a profile and its variable. */
export const NAMES = {
  authType: { key: "auth_type", variable: "DATABRICKS_AUTH_TYPE" },
  token: { key: "token", variable: "DATABRICKS_TOKEN" },
  clientId: { key: "client_id", variable: "DATABRICKS_CLIENT_ID" },
  clientSecret: { key: "client_secret", variable: "DATABRICKS_CLIENT_SECRET" },
  azureClientId: { key: "azure_client_id", variable: "ARM_CLIENT_ID" },
  azureClientSecret: { key: "azure_client_secret", variable: "ARM_CLIENT_SECRET" },
  azureTenantId: { key: "azure_tenant_id", variable: "ARM_TENANT_ID" },
  azureUseMsi: { key: "azure_use_msi", variable: "ARM_USE_MSI" },
  azureResourceId: { key: "azure_workspace_resource_id", variable: "DATABRICKS_AZURE_RESOURCE_ID" },
} as const;

/** A field that is read. */
export type Field = keyof typeof NAMES;

/** The login that was meant, or the field that is wrong. `hint` writes fields as keys or as variables. */
export type Choice = { login: LoginWish } | { wrong: Field; what: string; hint: (as: "key" | "variable") => string };

/** Ways to sign in by the official name, with the fields that make each complete. */
const WAYS = {
  pat: ["token"],
  "oauth-m2m": ["clientId", "clientSecret"],
  "azure-client-secret": ["azureClientId", "azureClientSecret", "azureTenantId"],
  "azure-msi": ["azureUseMsi"],
  "azure-cli": [],
} as const satisfies Record<string, readonly Field[]>;
type Way = keyof typeof WAYS;

/** What alone shows that a way is meant. */
const SIGNS: Readonly<Record<Way, Field | undefined>> = {
  pat: "token",
  "oauth-m2m": "clientSecret",
  "azure-client-secret": "azureClientSecret",
  "azure-msi": "azureUseMsi",
  "azure-cli": undefined,
};

const isTrue = (text: string | undefined) => text !== undefined && /^(true|1|yes)$/i.test(text);

function loginOf(way: Way, fields: Readonly<Record<Field, string | undefined>>): LoginWish {
  const { token, clientId, clientSecret, azureClientId, azureClientSecret, azureTenantId } = fields;
  const azure = { workspaceResourceId: fields.azureResourceId };
  switch (way) {
    case "pat":
      return { kind: "pat", token: token as string };
    case "oauth-m2m":
      return { kind: "oauth-m2m", clientId: clientId as string, clientSecret: clientSecret as string };
    case "azure-client-secret":
      return {
        kind: "spn-key",
        tenant: azureTenantId as string,
        clientId: azureClientId as string,
        clientSecret: azureClientSecret as string,
        ...azure,
      };
    case "azure-msi":
      return { kind: "msi", clientId: azureClientId, ...azure };
    case "azure-cli":
      return { kind: "azure-cli", tenant: azureTenantId, ...azure };
  }
}

/**
 * Chooses. `auth_type` decides where it is given; without it exactly one way must be complete, as in most of the official
 * tools ("more than one authorization method configured").
 */
export function chooseLogin(given: Readonly<Record<Field, string | undefined>>): Choice {
  const fields = { ...given, azureUseMsi: isTrue(given.azureUseMsi) ? given.azureUseMsi : undefined };
  const ways = Object.keys(WAYS) as Way[];
  const has = (field: Field) => fields[field] !== undefined && fields[field] !== "";
  const write = (as: "key" | "variable") => (field: Field) => NAMES[field][as];
  const missingOf = (way: Way) => WAYS[way].filter((field) => !has(field));
  const asked = fields.authType;
  if (asked !== undefined && asked !== "") {
    if (!ways.includes(asked as Way)) {
      return { wrong: "authType", what: `${asked} is not known to headgate`, hint: () => `known: ${ways.join(", ")}` };
    }
    const [missing] = missingOf(asked as Way);
    if (missing === undefined) return { login: loginOf(asked as Way, fields) };
    return {
      wrong: missing,
      what: "is missing",
      hint: (as) => `${asked} needs ${WAYS[asked as Way].map(write(as)).join(" and ")}`,
    };
  }
  const meant = ways.filter((way) => {
    const sign = SIGNS[way];
    return sign !== undefined && has(sign);
  });
  if (meant.length > 1) {
    return {
      wrong: "authType",
      what: `${meant.join(" and ")} are both there`,
      hint: (as) => `say which: ${write(as)("authType")} = ${meant.join(" or ")}`,
    };
  }
  const [way] = meant;
  if (way !== undefined) {
    const [missing] = missingOf(way);
    if (missing === undefined) return { login: loginOf(way, fields) };
    return { wrong: missing, what: "is missing", hint: (as) => `it goes with ${write(as)(SIGNS[way] as Field)}` };
  }
  const half = (["clientId", "azureClientId"] as const).find(has);
  if (half === "clientId") {
    return { wrong: "clientSecret", what: "is missing", hint: (as) => `it goes with ${write(as)("clientId")}` };
  }
  if (half === "azureClientId") {
    return {
      wrong: "azureClientSecret",
      what: "is missing",
      hint: (as) => `it goes with ${write(as)("azureClientId")}`,
    };
  }
  return {
    wrong: "token",
    what: "is missing",
    hint: (as) =>
      `sign-in needs ${write(as)("token")}, or ${WAYS["oauth-m2m"].map(write(as)).join(" and ")}, or ${WAYS["azure-client-secret"].map(write(as)).join(", ")}, or ${write(as)("azureUseMsi")} = true, or ${write(as)("authType")} = azure-cli`,
  };
}
