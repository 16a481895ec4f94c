/** Settings as lines that read like the declaration; long ones are drawn as they come in sight. */
import "./job.css";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";
import { useCopied } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { reachable } from "../../../components/reachable.ts";
import type { JsonObject } from "../../../fields/json-value.ts";
import { type YamlLine, yamlLines, yamlText } from "../../../fields/yaml.ts";

/** Lines of a block, so that what is not in sight may be left out. */
const BLOCK = 80;
const LINE = 20;
/** Up to here every line is there, for the browser's own search; of more, only the blocks in sight are drawn. */
const WHOLE = 2_000;

function Line({ line }: { line: YamlLine }) {
  return (
    <div className="yl" style={{ paddingLeft: `${line.depth * 2}ch` }}>
      {line.dash && <span className="yd">- </span>}
      {line.key !== undefined && <span className="yk">{line.key}: </span>}
      {line.value !== undefined && <span className={`yv ${line.kind}`}>{line.value}</span>}
    </div>
  );
}

export function DefinitionView({ settings, label }: { settings: JsonObject; label: string }) {
  const lines = useMemo(() => yamlLines(settings), [settings]);
  const [copied, copy] = useCopied();
  const blocks = useMemo(
    () => Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, at) => lines.slice(at * BLOCK, (at + 1) * BLOCK)),
    [lines],
  );
  const box = useRef<HTMLElement>(null);
  const long = lines.length > WHOLE;
  const virtual = useVirtualizer({
    count: blocks.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (blocks[index]?.length ?? 0) * LINE,
    overscan: 1,
    enabled: long,
  });
  return (
    <div className="yaml">
      <button
        type="button"
        className="btn ic yaml-copy"
        aria-label={`Copy ${label}`}
        data-tip={copied === true ? "Copied" : copied === "failed" ? "The browser does not allow copying" : "Copy"}
        onClick={() => copy(yamlText(lines))}
      >
        <Icon name={copied === true ? "check" : "copy"} size={12} />
      </button>
      <section className="yaml-in" ref={box} {...reachable} aria-label={label}>
        {long ? (
          <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map(({ index, start }) => (
              <div
                key={index}
                ref={virtual.measureElement}
                data-index={index}
                style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${start}px)` }}
              >
                {blocks[index]?.map((line) => (
                  <Line key={line.number} line={line} />
                ))}
              </div>
            ))}
          </div>
        ) : (
          blocks.map((block) => (
            <div
              key={block[0]?.number}
              className="yaml-block"
              style={{ containIntrinsicSize: `auto ${block.length * LINE}px` }}
            >
              {block.map((line) => (
                <Line key={line.number} line={line} />
              ))}
            </div>
          ))
        )}
      </section>
    </div>
  );
}
