/** Says where a picture of data movement cannot be whole, in one line; all of it on demand. */
import { useState } from "react";
import type { LineageWarning } from "../../src/model/view-lineage.ts";
import { Notice } from "./notice.tsx";

export function CoverageNotice(props: {
  warnings: readonly LineageWarning[];
  /** What is said of what it touches. */
  lack?: string;
}) {
  const { warnings, lack = "This picture may lack edges." } = props;
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
      <b>{lack}</b> <span className="f2">{sentence(first.text)}</span>
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
