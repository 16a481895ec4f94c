/** How declaration and workspace compare, in one mark that leads to the job's plan. */
import { Link } from "wouter";
import type { Difference } from "../../../src/model/view.ts";
import { Icon } from "../../components/icon.tsx";

const LOOK: Record<Difference["kind"], { look: string; sign: string }> = {
  same: { look: "", sign: "" },
  create: { look: "add", sign: "+" },
  declared: { look: "chg", sign: "~" },
  delete: { look: "del", sign: "-" },
  recover: { look: "add", sign: "+" },
  recreate: { look: "add", sign: "+" },
  drift: { look: "st warn", sign: "" },
  conflict: { look: "st fail", sign: "" },
  refused: { look: "st fail", sign: "" },
};

export function DifferenceMark({ resource, difference }: { resource: string; difference: Difference }) {
  if (difference.kind === "same") return <span className="d">{difference.text}</span>;
  const { look, sign } = LOOK[difference.kind];
  return (
    <Link href={`/jobs/${encodeURIComponent(resource)}/plan`} className={sign === "" ? `df ${look}` : `df ${look}`}>
      {sign === "" ? <Icon /> : <span className="sg">{sign}</span>}
      <span className="cut">{difference.text}</span>
    </Link>
  );
}
