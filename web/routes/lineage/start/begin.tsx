/** The few tables most people look for: most read, and written last. */
import { Link } from "wouter";
import { useFirstDatasets } from "../../../api/lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { lineagePath } from "../../../words/lineage.ts";
import { near } from "../../../words/time.ts";

const SHOWN = 6;

export function Begin() {
  const now = useMinute();
  const zone = useZone();
  const read = useFirstDatasets("readers", SHOWN);
  const written = useFirstDatasets("written", SHOWN);
  return (
    <>
      <Few
        title="Most read"
        rows={read.data?.items.map((row) => ({ ...row, fact: counted(row.readers, "reader") }))}
        failed={read.isError}
      />
      <Few
        title="Written last"
        rows={written.data?.items
          .filter(({ lastWrittenAt }) => lastWrittenAt !== null)
          .map((row) => ({ ...row, fact: near(row.lastWrittenAt as string, now, zone) }))}
        failed={written.isError}
      />
    </>
  );
}

interface Row {
  ref: string;
  name: string;
  label: string;
  detail: string;
  fact: string;
}

function Few({ title, rows, failed }: { title: string; rows: Row[] | undefined; failed: boolean }) {
  return (
    <section className="lin-few">
      <h2>{title}</h2>
      {failed && !rows && <p className="s d">These could not be read.</p>}
      <ul>
        {rows?.map((row) => (
          <li key={row.ref}>
            <Link href={lineagePath(row.ref)} className="cut" data-tip={row.name}>
              {row.label} <span className="d s">{row.detail}</span>
            </Link>
            <span className="n s f2 nw">{row.fact}</span>
          </li>
        ))}
        {!rows &&
          !failed &&
          Array.from({ length: SHOWN }, (_, index) => `wait-${index}`).map((key) => (
            <li key={key}>
              <span className="skel" style={{ width: "120px" }} />
            </li>
          ))}
        {rows?.length === 0 && <li className="s d">none</li>}
      </ul>
    </section>
  );
}
