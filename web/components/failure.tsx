/** What failed, the code, a retry, what still works. */
import type { ReactNode } from "react";
import { ApiError } from "../api/request.ts";
import { SignIn } from "../shell/sign-in.tsx";
import { Hint } from "./hint.tsx";
import { Icon } from "./icon.tsx";

/** Code, sentence and hint of anything that was thrown. */
export function wordsOf(error: unknown): { title: string; detail: string; code: string; hint: string | undefined } {
  if (error instanceof ApiError) {
    const detail = error.detail === error.message ? "" : error.detail;
    return { title: error.message, detail, code: error.code, hint: error.hint };
  }
  return {
    title: "The page met an answer it does not understand",
    detail: String(error),
    code: "page",
    hint: undefined,
  };
}

export function Failure(props: { what: string; error: unknown; retry?: () => void; still?: ReactNode }) {
  const { title, detail, code, hint } = wordsOf(props.error);
  const status = props.error instanceof ApiError ? props.error.status : 0;
  return (
    <section className="failure" role="alert">
      <h2 className="st fail">
        <Icon />
        {props.what}
      </h2>
      <p>
        {title}
        {detail !== "" && `: ${detail}`}
      </p>
      {hint && (
        <p className="f2">
          <Hint text={hint} />
        </p>
      )}
      <p className="s d">
        Code <code>{code}</code>
        {status > 0 && <> · HTTP {status}</>}
      </p>
      {props.still && <p className="f2">{props.still}</p>}
      <div className="failure-do">
        {props.retry && (
          <button type="button" className="btn" onClick={props.retry}>
            Try again
          </button>
        )}
        {(status === 401 || status === 403) && <SignIn />}
      </div>
    </section>
  );
}
