/** An icon in the text colour; always beside a word, so it is hidden from screen readers. */
export function Icon({ name, size }: { name?: string; size?: 12 | 20 }) {
  return <i className={`i${name ? ` x-${name}` : ""}${size ? ` k${size}` : ""}`} aria-hidden="true" />;
}
