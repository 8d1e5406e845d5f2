/** Counters of what is taken, by resource: never below zero, never above capacity. */
export class Inventory {
  private readonly counters = new Map<string, number>();

  constructor(private readonly capacities: ReadonlyMap<string, number>) {}

  /** Takes units in one conditional step, or takes nothing and says no. */
  take(resource: string, units: number): boolean {
    const taken = this.takenOf(resource) + units;
    if (taken > (this.capacities.get(resource) ?? 0)) return false;
    this.counters.set(resource, taken);
    return true;
  }

  giveBack(resource: string, units: number): void {
    this.counters.set(resource, this.takenOf(resource) - units);
  }

  takenOf(resource: string): number {
    return this.counters.get(resource) ?? 0;
  }
}
