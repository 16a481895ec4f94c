/** What can be done, as the server says it: commands in it can be copied. */
import { Copy } from "./copy.tsx";

/** A hint with the command in it made copyable. */
export function Hint({ text }: { text: string }) {
  const parts = text.split(/`([^`]+)`/);
  return (
    <>
      {parts.map((part, index) =>
        // Every second part stood between backticks.
        index % 2 === 0 ? (
          part
        ) : part.startsWith("headgate ") ? (
          <Copy key={part} text={part} />
        ) : (
          <code key={part}>{part}</code>
        ),
      )}
    </>
  );
}
