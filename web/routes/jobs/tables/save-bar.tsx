/** What is edited and not saved: how much, what stands in the way, save and discard. */
import type { TableCheck } from "../../../../src/server/api.ts";
import { wordsOf } from "../../../components/failure.tsx";
import { Hint } from "../../../components/hint.tsx";
import { Icon } from "../../../components/icon.tsx";
import { State } from "../../../components/state.tsx";
import { SignIn } from "../../../shell/sign-in.tsx";
import { counted } from "../../../words/count.ts";
import { type Drafts, draftWords } from "./drafts.ts";

export function SaveBar(props: {
  drafts: Drafts;
  check: TableCheck | undefined;
  checking: boolean;
  /** What the check or the writing ended with. */
  error: unknown;
  /** The table is another than the edits were made upon. */
  moved: boolean;
  saving: boolean;
  /** Whether whoever looks may save; undefined while it is not known. */
  may: boolean | undefined;
  save: () => void;
  discard: () => void;
  rebase: () => void;
}) {
  const { drafts, check, checking, error, moved, saving, may, save, discard, rebase } = props;
  const words = error !== null && !moved ? wordsOf(error) : undefined;
  const ready = !moved && !saving && !checking && check !== undefined && check.errors === 0 && may === true && !words;
  return (
    <section className="save-bar" aria-label="Edits that are not saved">
      {moved && (
        <div className="note warn" role="alert">
          <Icon />
          <div>
            The table was changed since it was read. Nothing was written; your edits are kept.
            <button type="button" className="btn" onClick={rebase}>
              Show it as it is now
            </button>
          </div>
        </div>
      )}
      {words && (
        <div className="note fail" role="alert">
          <Icon />
          <div>
            <b>{words.title}</b> {words.detail} <code>{words.code}</code>
            {words.hint && (
              <span className="f2">
                {" "}
                <Hint text={words.hint} />
              </span>
            )}
          </div>
        </div>
      )}
      {check?.others.map(({ label, problems }) => (
        <p key={label} className="s save-other">
          <State tone={problems.some(({ severity }) => severity === "error") ? "fail" : "warn"}>
            Row {label}: {problems[0]?.message}
          </State>
        </p>
      ))}
      <div className="save-line">
        <b className="n">{draftWords(drafts)}</b>
        <span className="s" role="status">
          {checking || check === undefined ? (
            <span className="d">{words || moved ? "" : "checking…"}</span>
          ) : check.errors === 0 ? (
            <State tone="ok">no faults</State>
          ) : (
            <State tone="fail">{counted(check.errors, "fault")}: mend first</State>
          )}
        </span>
        <span className="sp">
          {may === false && <SignIn />}
          <button type="button" className="btn" onClick={discard}>
            Discard
          </button>
          <button type="button" className="btn pri" aria-disabled={!ready} onClick={() => ready && save()}>
            {saving ? "Saving…" : `Save ${counted(drafts.list.length, "row")}`}
          </button>
        </span>
      </div>
    </section>
  );
}
