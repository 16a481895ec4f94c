/** An address the page does not know. */
import { Link, useLocation } from "wouter";
import { useTitle } from "../shell/title.ts";

export function NotFound() {
  const [path] = useLocation();
  useTitle("Not found");
  return (
    <section className="empty">
      <h2>There is nothing at {path}</h2>
      <p className="f2">
        <Link href="/jobs" className="lnk">
          Go to jobs
        </Link>
      </p>
    </section>
  );
}
