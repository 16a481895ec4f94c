/** Looks into the text of a JSON object without changing it: its strings and the objects inside it. */

/** What is inside an object. */
export interface Inside {
  /** Strings that are values, still escaped, with the key they stand under (in a list: that of the list). */
  strings: { key: string; body: string }[];
  /** Texts of the objects inside, outer ones before inner ones. */
  objects: { text: string; start: number; end: number }[];
}

/** Strings and inner objects of a text that is one valid JSON object. */
export function lookInside(text: string): Inside {
  const strings: Inside["strings"] = [];
  const objects: Inside["objects"] = [];
  const starts: number[] = [];
  let key = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      let end = at + 1;
      while (text.charCodeAt(end) !== 34) end += text.charCodeAt(end) === 92 ? 2 : 1;
      let after = end + 1;
      while (text.charCodeAt(after) === 32 || text.charCodeAt(after) === 9) after += 1;
      if (text.charCodeAt(after) === 58) key = text.slice(at + 1, end);
      else strings.push({ key, body: text.slice(at + 1, end) });
      at = end;
    } else if (code === 123) starts.push(at);
    else if (code === 125) {
      const start = starts.pop() ?? 0;
      if (starts.length > 0) objects.push({ text: text.slice(start, at + 1), start, end: at + 1 });
    }
  }
  objects.sort((a, b) => a.start - b.start);
  return { strings, objects };
}
