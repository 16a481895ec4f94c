/** Access tokens: a new one (shown this once), and the list. */
import { formatJson } from "../../util/int64-json.ts";
import { safe } from "./safe.ts";
import { paint, type Style } from "./style.ts";
import { type Cell, type Column, table } from "./table.ts";
import { shortTime } from "./time.ts";

/** A token as it may be shown: never the token itself. Times are UTC texts. */
export interface TokenLine {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  createdBy: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

const COLUMNS: readonly Column[] = [
  { title: "NAME", least: 12 },
  { title: "ID" },
  { title: "SCOPES" },
  { title: "MADE" },
  { title: "BY", least: 8 },
  { title: "LAST USED" },
  { title: "STATE" },
];

function stateCell(token: TokenLine, now: string, timezone: string): Cell {
  if (token.revokedAt !== null) return { text: `revoked ${shortTime(token.revokedAt, now, timezone)}`, tone: "faint" };
  if (token.expiresAt === null) return { text: "valid", tone: "good" };
  const at = shortTime(token.expiresAt, now, timezone);
  return token.expiresAt <= now ? { text: `ended ${at}`, tone: "faint" } : { text: `valid until ${at}`, tone: "good" };
}

/** The list as text; `now` as UTC text. */
export function tokensText(style: Style, tokens: readonly TokenLine[], now: string): string {
  if (tokens.length === 0) return "no tokens; headgate token create NAME makes one\n";
  const { timezone } = style;
  const rows = tokens.map((token): Cell[] => [
    token.name,
    token.id,
    token.scopes.join(" "),
    shortTime(token.createdAt, now, timezone),
    token.createdBy,
    token.lastUsedAt === null ? "never" : shortTime(token.lastUsedAt, now, timezone),
    stateCell(token, now, timezone),
  ]);
  return `${table(style, COLUMNS, rows).join("\n")}\n`;
}

function tokenShape(token: TokenLine) {
  const { id, name, scopes, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt } = token;
  return { id, name, scopes, createdAt, createdBy, expiresAt, lastUsedAt, revokedAt };
}

/** The list for machines. */
export function tokensJson(tokens: readonly TokenLine[]): string {
  return formatJson({ count: tokens.length, items: tokens.map(tokenShape) }, 2);
}

/** One token for machines; the new token itself only where it was just made. */
export function tokenJson(token: TokenLine, secret?: string): string {
  return formatJson({ ...tokenShape(token), token: secret }, 2);
}

/** What is said beside a new token. */
export function tokenNote(style: Pick<Style, "color">, token: TokenLine): string {
  const end = token.expiresAt === null ? "does not end by itself" : `ends ${token.expiresAt}`;
  return `${paint(style, "strong", safe(token.name))} (${token.scopes.join(", ")}) ${end}; it is shown this once`;
}
