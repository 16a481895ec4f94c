/** The way back to a former definition: a plan to review where this server applies, else the command. */
import { Link } from "wouter";
import { useStatus } from "../../api/queries.ts";
import { Copy } from "../../components/copy.tsx";
import { Icon } from "../../components/icon.tsx";
import { rollbackCommand, rollbackPath } from "./plan/rollback.ts";

export function GoBack({ resource, to, word }: { resource: string; to?: number; word?: string }) {
  const applies = useStatus().data?.apply;
  const back = to === undefined ? { rollback: resource } : { rollback: resource, to };
  if (applies === undefined) return null;
  return (
    <span className="go-back">
      {applies ? (
        <Link
          className="btn sm"
          href={rollbackPath(back)}
          data-tip="Makes a plan to review; nothing is sent yet"
          aria-label={`${word ?? "Roll back to this"}: ${resource}${to === undefined ? "" : `, serial ${to}`}`}
        >
          <Icon name="undo" size={12} />
          {word ?? "Roll back to this"}
        </Link>
      ) : (
        <Copy text={rollbackCommand(back)} label="Copy rollback" />
      )}
    </span>
  );
}
