/** A state: icon and word, always both. */
import type { ReactNode } from "react";
import type { Tone } from "../words/state.ts";
import { Icon } from "./icon.tsx";

export function State({ tone, children, tip }: { tone: Tone; children: ReactNode; tip?: string | undefined }) {
  return (
    <span className={`st ${tone}`} data-tip={tip}>
      <Icon />
      <span className="cut">{children}</span>
    </span>
  );
}
