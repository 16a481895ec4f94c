/** Knows what log collectors put before every line: whose line it is, and where its own text begins. */

/** A line without what a collector put before it. */
export interface Headed {
  /** Names who wrote the line: lines of one object come from one writer. */
  writer: string;
  text: string;
}

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?`;
const ZONE = String.raw`(?:Z|[+-]\d\d:?\d\d)`;
const PROCESS = String.raw`(\S+ [^\s:[\]]+(?:\[\d+\])?)`;

/** Headers by the character that a line with one begins with. The first group names the writer. */
const BY_LETTER: readonly RegExp[] = [
  // syslog (RFC 3164) and `journalctl`: Nov 21 10:05:58 host app[12]:
  new RegExp(String.raw`^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? ${PROCESS}: `),
  // docker compose: spark-1  | text
  /^([\w.-]+) +\| (?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z )?/,
  // stern: pod, container
  /^([a-z\d][a-z\d.-]*-[a-z\d]{5} [a-z][a-z\d-]*) /,
];
const BY_DIGIT: readonly RegExp[] = [
  // journalctl -o short-iso, rsyslog: 2026-11-21T10:05:58+0000 host app[12]:
  new RegExp(String.raw`^${TIME}${ZONE} (\S+ [^\s:[\]]+\[\d+\]): `),
  // Kubernetes (CRI log format): time, stream, P for a part or F for the last
  new RegExp(`^${TIME}${ZONE} (stdout|stderr) [PF] `),
  // aws logs tail: time, stream
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?\+00:00 (\S+) /,
  // aws logs tail --format short: the time alone
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d() /,
];
const BY_BRACKET: readonly RegExp[] = [
  // Airflow 2, MWAA: [time] {file.py:30} INFO -
  /^\[\d{4}-\d\d-\d\d[T ,][^\]]*\] (\{{1,2}[\w.-]+:\d+\}{1,2}) [A-Z]+ - /,
  // kubectl logs --prefix, with --timestamps or without
  /^(\[pod\/[^\]]+\]) (?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z )?/,
  // journalctl -o short-monotonic: [ 12.000123] host app[12]:
  new RegExp(String.raw`^\[ *\d+\.\d+\] ${PROCESS}: `),
];
/** syslog (RFC 5424): <14>1 time host app process id data */
const BY_ANGLE: readonly RegExp[] = [/^<\d{1,3}>1 \S+ (\S+ \S+ \S+) \S+ (?:-|(?:\[[^\]]*\])+) /];

function headersFor(code: number): readonly RegExp[] {
  if (code === 91) return BY_BRACKET;
  if (code === 60) return BY_ANGLE;
  return code >= 48 && code <= 57 ? BY_DIGIT : BY_LETTER;
}

/** Takes a collector's header off a line; undefined where it has none that is known. */
export function headed(line: string): Headed | undefined {
  const first = line.charCodeAt(0);
  // what begins with a brace, a quote or a blank is the log's own text
  if (first <= 34 || first === 123) return undefined;
  for (const header of headersFor(first)) {
    const found = header.exec(line);
    if (found !== null) return { writer: found[1] ?? "", text: line.slice(found[0].length) };
  }
  return undefined;
}
