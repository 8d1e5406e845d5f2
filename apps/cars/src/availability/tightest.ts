interface Stock {
  readonly capacity: number;
  readonly reserved: number;
}

/** The first entry with the least left over; `undefined` of none. */
export function tightestOf<Entry extends Stock>(entries: readonly Entry[]): Entry | undefined {
  const left = ({ capacity, reserved }: Stock) => capacity - reserved;
  return entries.reduce<Entry | undefined>(
    (tightest, entry) => (tightest && left(tightest) <= left(entry) ? tightest : entry),
    undefined,
  );
}
