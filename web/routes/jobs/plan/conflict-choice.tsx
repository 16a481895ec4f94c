/** The choice on a field that both sides changed. */

export function ConflictChoice(props: {
  path: string;
  chosen: "ours" | "theirs" | undefined;
  choose: (side: "ours" | "theirs") => void;
}) {
  return (
    <fieldset className="seg">
      <legend className="vh">Which value of {props.path}</legend>
      <button type="button" aria-pressed={props.chosen === "ours"} onClick={() => props.choose("ours")}>
        Ours
      </button>
      <button type="button" aria-pressed={props.chosen === "theirs"} onClick={() => props.choose("theirs")}>
        Theirs
      </button>
    </fieldset>
  );
}
