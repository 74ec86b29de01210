/** A part that is loaded on its first use. */
export interface Lazy<Part> {
  /** The part; several uses share one load. A load that failed is forgotten, so that the next use tries again. */
  readonly load: () => Promise<Part>;
  /** The part, where it has been loaded or is being loaded; undefined where it was never used, or its load failed. */
  readonly loaded: () => Promise<Part> | undefined;
}

/** @param load makes the part */
export function lazy<Part>(load: () => Promise<Part>): Lazy<Part> {
  let loading: Promise<Part> | undefined;
  const start = (): Promise<Part> => {
    const mine = load();
    loading = mine;
    mine.catch(() => {
      if (loading === mine) loading = undefined;
    });
    return mine;
  };
  return { load: () => loading ?? start(), loaded: () => loading };
}
