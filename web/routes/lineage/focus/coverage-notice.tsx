/** Says where the picture cannot be whole, in one line; all of it on demand. */
import { useState } from "react";
import type { LineageWarning } from "../../../../src/model/view-lineage.ts";
import { Notice } from "../../../components/notice.tsx";

export function CoverageNotice({ warnings }: { warnings: readonly LineageWarning[] }) {
  const [all, setAll] = useState(false);
  const [first, ...rest] = warnings;
  if (first === undefined) return null;
  return (
    <Notice
      tone="warn"
      action={
        rest.length > 0 && (
          <button type="button" className="lnk" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Show less" : `${rest.length} more`}
          </button>
        )
      }
    >
      <b>This picture may lack edges.</b> <span className="f2">{sentence(first.text)}</span>
      {all && (
        <ul>
          {rest.map(({ text }) => (
            <li key={text} className="f2">
              {sentence(text)}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
