/** Faults in declarations: what cannot be read, where, and what that means. */
import type { ProblemView } from "../../../src/model/view.ts";
import { Notice } from "../../components/notice.tsx";
import { counted } from "../../words/count.ts";

const SHOWN = 3;

function Line({ problem }: { problem: ProblemView }) {
  const { place } = problem;
  return (
    <>
      {place && (
        <code>
          {place.file}:{place.line}:{place.column}
        </code>
      )}{" "}
      {problem.message}
      {problem.hint && `; ${problem.hint}`}
    </>
  );
}

export function Problems({ problems, again }: { problems: ProblemView[]; again?: () => void }) {
  const errors = problems.filter((problem) => problem.severity === "error");
  const warnings = problems.length - errors.length;
  if (problems.length === 0) return null;
  const files = new Set(errors.map((problem) => problem.place?.file)).size;
  const head =
    errors.length === 0
      ? `${counted(warnings, "warning")} in the declarations.`
      : files === 1
        ? "1 file cannot be read, so its jobs are left as they are."
        : `${files} files cannot be read, so their jobs are left as they are.`;
  const shown = errors.length === 0 ? problems : errors;
  const [first] = shown;
  const action = again && (
    <button type="button" className="lnk" onClick={again}>
      Read again
    </button>
  );
  return (
    <Notice tone={errors.length === 0 ? "warn" : "fail"} action={action}>
      <b>{head}</b>{" "}
      {first && shown.length === 1 ? (
        <span className="f2">
          <Line problem={first} />
        </span>
      ) : (
        <ul className="f2">
          {shown.slice(0, SHOWN).map((problem) => (
            <li key={`${problem.place?.file}:${problem.place?.line}:${problem.path}:${problem.code}`}>
              <Line problem={problem} />
            </li>
          ))}
          {shown.length > SHOWN && (
            <li>
              and {shown.length - SHOWN} more: <code>headgate jobs validate</code>
            </li>
          )}
        </ul>
      )}
    </Notice>
  );
}
