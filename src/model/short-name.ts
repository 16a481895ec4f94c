/** The short name of a workspace user, as in `[dev anna] `. */

/**
 * `anna.smith@example.com` → `anna_smith`: the part before `@` in lower case, everything but letters and digits as `_`
 * (the rule of Databricks bundles). A service principal has its display name for this, since its user name is a UUID.
 */
export function shortName(userName: string, displayName?: string): string {
  const base = userName.includes("@") ? (userName.split("@")[0] ?? "") : (displayName ?? userName);
  const short = base
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return short === "" ? "user" : short;
}
