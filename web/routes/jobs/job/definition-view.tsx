/** Settings as lines that read like the declaration; long ones are drawn as they come in sight. */
import { useMemo } from "react";
import { useCopied } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { reachable } from "../../../components/reachable.ts";
import type { JsonObject } from "../../../fields/json-value.ts";
import { type YamlLine, yamlLines, yamlText } from "../../../fields/yaml.ts";

/** Lines of a block, so that the browser may leave out what is not in sight. */
const BLOCK = 80;

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
      <section className="yaml-in" {...reachable} aria-label={label}>
        {blocks.map((block) => (
          <div
            key={block[0]?.number}
            className="yaml-block"
            style={{ containIntrinsicSize: `auto ${block.length * 20}px` }}
          >
            {block.map((line) => (
              <Line key={line.number} line={line} />
            ))}
          </div>
        ))}
      </section>
    </div>
  );
}
