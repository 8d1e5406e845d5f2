import type { CommandKey } from '@clew/saga/core';
import type { Clock } from './clock.js';

/** A change of the business state of some participant. */
export interface Effect extends CommandKey {
  readonly at: number;
  readonly sagaId: string;
  /** Above zero when taken, below when given back. */
  readonly units: number;
}

/** All effects anywhere, in the order in which they were committed: what an auditor would find out afterwards. */
export class Ledger {
  readonly effects: Effect[] = [];

  constructor(private readonly clock: Clock) {}

  record(sagaId: string, { step, direction, epoch }: CommandKey, units: number): void {
    this.effects.push({ at: this.clock.now, sagaId, step, direction, epoch, units });
  }

  /** What a saga holds at a moment: units by step, without the steps that net to zero. */
  heldBy(sagaId: string, at = Infinity): Map<string, number> {
    const held = new Map<string, number>();
    for (const effect of this.effects) {
      if (effect.sagaId !== sagaId || effect.at > at) continue;
      const units = (held.get(effect.step) ?? 0) + effect.units;
      if (units === 0) held.delete(effect.step);
      else held.set(effect.step, units);
    }
    return held;
  }
}
