/** The import table of ARCHITECTURE.md as data. */

/** One row: a folder (ending in `/`) or a file, and what it may import. */
export interface Row {
  path: string;
  /** Folders and files whose values and types may be imported. */
  allowed: string[];
  /** Folders and files of which only types may be imported. */
  allowedTypes: string[];
  /** True where the row may import the doors. */
  doors: boolean;
  packages: string[];
}

/** The whole table. */
export interface ImportTable {
  rows: Row[];
  /** Door files; `*` stands for a part of a name. */
  doors: string[];
}

const codes = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

/** `a/{b,c}.ts` written out. */
const expand = (pattern: string): string[] => {
  const match = /^(.*)\{([^}]+)\}(.*)$/.exec(pattern);
  if (!match) return [pattern];
  return (match[2] as string).split(",").map((part) => `${match[1]}${part}${match[3]}`);
};

const rowOf = (line: string): Row => {
  const cells = line.split("|").map((cell) => cell.trim());
  const [, pathCell = "", may = "", packages = ""] = cells;
  const [path] = codes(pathCell);
  if (cells.length !== 5 || path === undefined) throw new Error(`not a row of the import table: ${line}`);
  const types = may.startsWith("types of ");
  return {
    path,
    allowed: types ? [] : codes(may),
    allowedTypes: types ? codes(may) : [],
    doors: /\bdoors\b/.test(may),
    packages: packages === "–" ? [] : packages.split(",").map((name) => name.trim()),
  };
};

/**
 * Reads the section "Import table" of ARCHITECTURE.md.
 *
 * @throws Error where the section, its sentence about doors or its rows are missing
 */
export function readTable(markdown: string): ImportTable {
  const section = /^## Import table$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown)?.[1];
  if (section === undefined) throw new Error("ARCHITECTURE.md has no section “## Import table”");
  const sentence = /"doors" are [^:]*:(.*?\.ts`)\.(?:\s|$)/m.exec(section)?.[1];
  if (sentence === undefined) throw new Error('the import table does not say which files the "doors" are');
  const rows = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map(rowOf);
  if (rows.length === 0) throw new Error("the import table has no rows");
  return { rows, doors: codes(sentence).flatMap(expand) };
}

/** The row that governs a file: the longest path that is the file (or the file a test is of) or a folder above it. */
export function rowFor(table: ImportTable, file: string): Row | undefined {
  const tested = file.replace(/\.(test|contract)(\.tsx?)$/, "$2");
  return table.rows
    .filter((row) => (row.path.endsWith("/") ? file.startsWith(row.path) : tested === row.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
}
