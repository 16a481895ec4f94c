/** The elements of a JSON array as they are written, so that each can be kept byte by byte. */

/** True for the four blanks of JSON. */
const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** Texts of the elements of a text that is one valid JSON array, without the blanks around them. */
export function arrayElements(text: string): string[] {
  const elements: string[] = [];
  let depth = 0;
  let start = -1;
  let end = -1;
  const close = (): void => {
    if (start >= 0) elements.push(text.slice(start, end));
    start = -1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) continue;
    if (depth === 1 && code === 44) {
      close();
      continue;
    }
    if (code === 93 || code === 125) depth -= 1;
    if (depth === 0 && code === 93) break;
    if (depth > 0 && start < 0) start = at;
    if (code === 34) {
      do {
        at = text.indexOf('"', at + 1);
      } while (isEscaped(text, at));
    } else if (code === 91 || code === 123) depth += 1;
    end = at + 1;
  }
  close();
  return elements;
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text.charCodeAt(at) === 92) at -= 1;
  return (quote - at) % 2 === 0;
}
