/** Reads CSV as RFC 4180 has it: quoted fields, doubled quotes, line ends inside quotes; also a byte order mark. */

/** The rows of a text; empty lines are left out. A quote inside an unquoted field stands for itself. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/gy;
  const source = text.replace(/^\ufeff/, "");
  let row: string[] = [];
  while (field.lastIndex < source.length) {
    const at = field.lastIndex;
    const match = field.exec(source);
    if (match === null) {
      // text after a closing quote, or a lone carriage return: take the rest of the line as it is
      const end = source.indexOf("\n", at);
      row.push(source.slice(at, end < 0 ? undefined : end));
      field.lastIndex = end < 0 ? source.length : end + 1;
      rows.push(row);
      row = [];
      continue;
    }
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") {
      if (field.lastIndex === source.length) row.push("");
      else continue;
    }
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== "");
}

/** The rows as records by the header's names (lower case, trimmed). */
export function csvRecords(text: string): { header: string[]; records: Record<string, string>[] } {
  const [first = [], ...rest] = parseCsv(text);
  const header = first.map((name) => name.trim().toLowerCase());
  return {
    header,
    records: rest.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ""]))),
  };
}
