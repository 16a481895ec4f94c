/** INI text as Python's configparser, which defined `.databrickscfg`, reads it. Pure. */

/**
 * Sections with their keys (lower case). Comments start a line with `#` or `;`; a key ends at `=` or `:`; keys of
 * `DEFAULT` are not inherited (the official tools treat it as a profile of its own). Empty values count as absent.
 */
export function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let keys: Map<string, string> | undefined;
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const section = /^\[(.+)\]$/.exec(line)?.[1]?.trim();
    if (section !== undefined) {
      keys = sections.get(section) ?? new Map();
      sections.set(section, keys);
      continue;
    }
    const match = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined && match[2] !== "")
      keys?.set(match[1].toLowerCase(), match[2]);
  }
  return sections;
}
