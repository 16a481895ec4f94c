/** Nothing here yet: one sentence, and the command that fills it. */
import type { ReactNode } from "react";
import { Copy } from "./copy.tsx";
import { Icon } from "./icon.tsx";

export function Empty(props: { icon: string; title: string; children?: ReactNode; commands?: string[] }) {
  return (
    <section className="empty">
      <Icon name={props.icon} size={20} />
      <h2>{props.title}</h2>
      {props.children && <p className="f2">{props.children}</p>}
      {props.commands && (
        <ul>
          {props.commands.map((command) => (
            <li key={command}>
              <Copy text={command} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
