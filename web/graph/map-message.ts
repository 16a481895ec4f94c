/** What the page and the worker that draws the map say to each other. */
import type { MapLayout } from "./map-layout.ts";

/** Colours of the theme, as CSS writes them. */
export interface MapColours {
  back: string;
  line: string;
  table: string;
  tableEdge: string;
  job: string;
  text: string;
  accent: string;
}

/** What of the map is in sight: the point at the upper left corner, and pixels a unit. */
export interface MapView {
  x: number;
  y: number;
  scale: number;
}

export type ToMap =
  | {
      type: "graph";
      canvas: OffscreenCanvas;
      /** 1 for a table or path, 0 for whatever reads and writes. */
      tables: Uint8Array;
      labels: string[];
      from: Uint32Array;
      to: Uint32Array;
      font: string;
    }
  | { type: "size"; width: number; height: number; dots: number }
  | { type: "colours"; colours: MapColours }
  | { type: "view"; view: MapView }
  /** The node under the pointer; -1 = none. */
  | { type: "hover"; node: number };

/** Where the boxes are. */
export interface FromMap extends MapLayout {
  type: "placed";
}
