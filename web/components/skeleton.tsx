/** Rows of the right height where rows will be. */
export function ListSkeleton({ rows, height = 32 }: { rows: number; height?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <div key={index} className="skel-row" style={{ height }}>
          <span className="skel" style={{ width: `${[140, 168, 120, 152][index % 4]}px` }} />
          <span className="skel hs" style={{ width: "142px" }} />
          <span className="skel" style={{ width: `${[88, 104, 72][index % 3]}px` }} />
          <span className="skel hs" style={{ width: `${[96, 80][index % 2]}px` }} />
        </div>
      ))}
    </div>
  );
}
