// The bare reader that a harvest is compared with: reads a log, parts it into lines, and looks at none of them.
import { createReadStream } from "node:fs";

let lines = 0;
let characters = 0;
let rest = "";
for await (const bytes of createReadStream(process.argv[2], { highWaterMark: 256 << 10 })) {
  const text = rest + bytes.toString("latin1");
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    lines += 1;
    characters += text.slice(start, end).length;
    start = end + 1;
  }
  rest = text.slice(start);
}
console.log(JSON.stringify({ lines, characters }));
