/** What a benchmark answers: figures, each beside the baseline of the same run. */

/** One figure. */
export interface Headline {
  /** `<what> <quantity>`, e.g. `help cpu`. */
  name: string;
  value: number;
  unit: string;
  /** The figure it is compared with, in the same unit, taken in the same run. */
  baseline: number;
  baselineName: string;
  /** value ÷ baseline. */
  ratio: number;
  /** What `value` may not exceed; absent where nothing is promised. */
  limit?: number | undefined;
}

/** A headline with its ratio, figures rounded to three significant places. */
export function headline(figures: Omit<Headline, "ratio">): Headline {
  const round = (value: number): number => Number(value.toPrecision(3));
  return {
    ...figures,
    value: round(figures.value),
    baseline: round(figures.baseline),
    ratio: round(figures.value / figures.baseline),
  };
}
