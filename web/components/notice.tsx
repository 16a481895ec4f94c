/** A banner that cannot be overlooked: what is the matter, what still holds, what to do. */
import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";

export function Notice(props: { tone: "fail" | "warn" | "info" | "ok"; children: ReactNode; action?: ReactNode }) {
  return (
    <div className={`note ${props.tone}`} role={props.tone === "fail" ? "alert" : "status"}>
      <Icon />
      <div>{props.children}</div>
      {props.action && <div className="sp">{props.action}</div>}
    </div>
  );
}
