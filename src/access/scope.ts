/** What a principal may do: four scopes, each of which includes those before it. */

/** From least to most: look, make plans, change the workspace, give rights to others. */
export const SCOPES = ["read", "write", "apply", "admin"] as const;

/** One right. */
export type Scope = (typeof SCOPES)[number];

/** True when one of the scopes held is the wanted one or includes it. */
export function allows(held: readonly Scope[], wanted: Scope): boolean {
  return held.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(wanted));
}

/** The scopes among some words; words that are none are left out. */
export function scopesOf(words: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => words.includes(scope));
}
