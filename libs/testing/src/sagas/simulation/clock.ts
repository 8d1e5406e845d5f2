/** Logical time: each transaction anywhere in the simulated world takes one tick, so any two can be put in order. */
export class Clock {
  private time = 0;

  get now(): number {
    return this.time;
  }

  tick(): number {
    return ++this.time;
  }
}
