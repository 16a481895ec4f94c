/** The Lineage route: where to begin, the graph around one table or job, or the whole estate. */
import "./lineage.css";
import { useUrl } from "../../api/use-url.ts";
import { Focus } from "./focus/focus.tsx";
import { MapView } from "./map/map-view.tsx";
import { Start } from "./start/start.tsx";

export default function Lineage() {
  const [params] = useUrl();
  const node = params.get("node");
  if (node !== null && node !== "") return <Focus key={node} node={node} />;
  if (params.get("view") === "map") return <MapView />;
  return <Start />;
}
