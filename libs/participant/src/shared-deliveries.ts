import type { Delivery } from '@clew/broker';

/**
 * Deliveries that have brought several commands: each is over when the last of its commands is. One whose command can't be
 * handled is parked whole, at once; what becomes of its other commands no longer matters to it, as the fence has them.
 */
export class SharedDeliveries {
  #open = new WeakMap<Delivery, number>();

  expect(delivery: Delivery, commands: number): void {
    if (commands > 1) this.#open.set(delivery, commands);
  }

  /** A command of each of these is handled. Returns those that are over with it. */
  settle(deliveries: readonly Delivery[]): Delivery[] {
    return deliveries.filter((delivery) => {
      const open = this.#open.get(delivery);
      if (open === undefined) return true;
      if (open === 1) this.#open.delete(delivery);
      else this.#open.set(delivery, open - 1);
      return open === 1;
    });
  }

  /** A command of each of these can't be handled. Returns those that are to be parked now. */
  spoil(deliveries: readonly Delivery[]): Delivery[] {
    return deliveries.filter((delivery) => {
      const open = this.#open.get(delivery);
      if (open !== undefined) this.#open.set(delivery, Infinity);
      return open !== Infinity;
    });
  }

  /** The subscription that brought them is gone. */
  forgetAll(): void {
    this.#open = new WeakMap();
  }
}
