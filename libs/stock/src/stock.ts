/** How much there is of a thing, and how much of it is taken. */
export interface StockRow {
  readonly key: string;
  readonly capacity: number;
  readonly reserved: number;
}

/** What came of wanting something: `unknown` when a thing isn't there at all, `short` when there is too little of one. */
export type Taking = 'taken' | 'short' | 'unknown';

/** What is free of things, by their keys. */
export class Stock {
  private readonly free: Map<string, number>;

  constructor(rows: readonly StockRow[]) {
    this.free = new Map(rows.map(({ key, capacity, reserved }) => [key, capacity - reserved]));
  }

  /** Takes so much of each of these, which are different ones, or nothing. */
  take(keys: readonly string[], amount: number): Taking {
    let taking: Taking = 'taken';
    for (const key of keys) {
      const free = this.free.get(key);
      if (free === undefined) return 'unknown';
      if (free < amount) taking = 'short';
    }
    if (taking === 'taken') for (const key of keys) this.free.set(key, this.free.get(key)! - amount);
    return taking;
  }
}
