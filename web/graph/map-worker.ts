/** The worker of the map: places the boxes and draws them, so that panning costs the page nothing. */
import { layoutMap } from "./map-layout.ts";
import type { FromMap, ToMap } from "./map-message.ts";
import { type MapScene, paintMap } from "./map-paint.ts";

/** What of a worker's own scope is used: the page's types know only windows. */
interface Scope {
  onmessage: ((event: MessageEvent<ToMap>) => void) | null;
  postMessage(message: FromMap): void;
  requestAnimationFrame(draw: () => void): number;
}
const scope = globalThis as unknown as Scope;

let canvas: OffscreenCanvas | null = null;
let scene: Partial<MapScene> = { hover: -1 };
let asked = false;

function draw(): void {
  asked = false;
  const context = canvas?.getContext("2d", { alpha: false });
  const { layout, colours, view, width } = scene;
  if (!context || !layout || !colours || !view || !width) return;
  paintMap(context, scene as MapScene);
}

/** However many things move in a frame, it is drawn once. */
function ask(): void {
  if (asked) return;
  asked = true;
  scope.requestAnimationFrame(draw);
}

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case "graph": {
      canvas = data.canvas;
      const { tables, labels, from, to, font } = data;
      const layout = layoutMap(tables.length, from, to);
      scene = { ...scene, layout, tables, labels, from, to, font };
      scope.postMessage({ type: "placed", ...layout });
      break;
    }
    case "size":
      if (canvas === null) return;
      canvas.width = Math.round(data.width * data.dots);
      canvas.height = Math.round(data.height * data.dots);
      scene = { ...scene, width: data.width, height: data.height, dots: data.dots };
      break;
    case "colours":
      scene = { ...scene, colours: data.colours };
      break;
    case "view":
      scene = { ...scene, view: data.view };
      break;
    case "hover":
      scene = { ...scene, hover: data.node };
      break;
  }
  ask();
};
