/** The whole of a large graph in a corner, with a frame around what is in sight; a click goes there. */
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Layout } from "./layout.ts";

const WIDTH = 176;
const HEIGHT = 104;

export function Overview(props: {
  layout: Layout;
  box: RefObject<HTMLElement | null>;
  scale: number;
  on: string | null;
}) {
  const { layout, box, scale, on } = props;
  const canvas = useRef<HTMLCanvasElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    const target = canvas.current;
    const context = target?.getContext("2d");
    if (!element || !target || !context) return;
    const dots = window.devicePixelRatio || 1;
    target.width = WIDTH * dots;
    target.height = HEIGHT * dots;
    const x = WIDTH / Math.max(1, layout.width);
    const y = HEIGHT / Math.max(1, layout.height);
    const still = document.createElement("canvas");
    still.width = target.width;
    still.height = target.height;
    const picture = still.getContext("2d");
    const colour = (name: string) => {
      target.style.color = `var(${name})`;
      return getComputedStyle(target).color;
    };
    if (picture) {
      picture.scale(dots, dots);
      const [plain, chosen] = [colour("--ctl"), colour("--accent")];
      for (const node of layout.nodes) {
        picture.fillStyle = node.key === on ? chosen : plain;
        const grow = node.key === on ? 2 : 0;
        picture.fillRect(
          node.x * x - grow,
          node.y * y - grow,
          Math.max(2, node.width * x) + 2 * grow,
          Math.max(0.8, node.height * y) + 2 * grow,
        );
      }
    }
    const frame = colour("--accent");
    let asked = 0;
    const draw = () => {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, target.width, target.height);
      context.drawImage(still, 0, 0);
      context.setTransform(dots, 0, 0, dots, 0, 0);
      context.strokeStyle = frame;
      context.strokeRect(
        Math.max(0.5, (element.scrollLeft / scale) * x),
        Math.max(0.5, (element.scrollTop / scale) * y),
        Math.min(WIDTH - 1, (element.clientWidth / scale) * x),
        Math.min(HEIGHT - 1, (element.clientHeight / scale) * y),
      );
    };
    const scrolled = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(draw);
    };
    const go = (event: PointerEvent) => {
      const bounds = target.getBoundingClientRect();
      element.scrollLeft = ((event.clientX - bounds.left) / x) * scale - element.clientWidth / 2;
      element.scrollTop = ((event.clientY - bounds.top) / y) * scale - element.clientHeight / 2;
    };
    draw();
    element.addEventListener("scroll", scrolled, { passive: true });
    target.addEventListener("pointerdown", go);
    return () => {
      cancelAnimationFrame(asked);
      element.removeEventListener("scroll", scrolled);
      target.removeEventListener("pointerdown", go);
    };
  }, [layout, box, scale, on]);

  return (
    <div className="graph-map hs" aria-hidden="true">
      <canvas ref={canvas} style={{ width: WIDTH, height: HEIGHT }} />
    </div>
  );
}
