/** One tooltip for the whole page: shows the `data-tip` of what is hovered or focused. Cheap enough for 10,000 rows. */
import { useEffect, useLayoutEffect, useRef, useState } from "react";

interface Shown {
  text: string;
  box: DOMRect;
}

const tipOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement | SVGElement>("[data-tip]") : null;

export function PointerTip() {
  const [shown, setShown] = useState<Shown | null>(null);
  const bubble = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const show = (event: Event) => {
      const owner = tipOf(event.target);
      const text = owner?.dataset.tip;
      hide();
      if (!owner || !text) return;
      timer = setTimeout(() => setShown({ text, box: owner.getBoundingClientRect() }), 250);
    };
    const focus = (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) show(event);
    };
    document.addEventListener("pointerover", show);
    document.addEventListener("focusin", focus);
    document.addEventListener("focusout", hide);
    document.addEventListener("pointerdown", hide);
    document.addEventListener("keydown", hide);
    window.addEventListener("scroll", hide, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("pointerover", show);
      document.removeEventListener("focusin", focus);
      document.removeEventListener("focusout", hide);
      document.removeEventListener("pointerdown", hide);
      document.removeEventListener("keydown", hide);
      window.removeEventListener("scroll", hide, true);
    };
  }, []);

  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element || !shown) return;
    const { box } = shown;
    const size = element.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), window.innerWidth - size.width - 8);
    const above = box.top - size.height - 6;
    element.style.left = `${left}px`;
    element.style.top = `${above > 8 ? above : box.bottom + 6}px`;
  }, [shown]);

  return shown ? (
    <div className="pointer-tip" ref={bubble} aria-hidden="true">
      {shown.text}
    </div>
  ) : null;
}
