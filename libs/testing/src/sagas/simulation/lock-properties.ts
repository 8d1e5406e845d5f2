import { hasEnded, type SagaState } from '@clew/saga/core';
import type { Property } from './property.js';
import type { SagaRecord } from './saga-record.js';

/** Whether a saga takes a lock for its own. */
export function holds(state: SagaState | undefined, key: string): boolean {
  if (!state?.locks || hasEnded(state)) return false;
  const { keys, taken, lost } = state.locks;
  return keys.slice(0, taken).includes(key) && !lost?.includes(key);
}

export const oneHolder: Property = {
  name: 'a lock has one holder at a time, unless a lease has ended',
  flaw: ({ store, locks }, saga) => {
    const { sagaId } = saga;
    for (const key of keysOf(saga)) {
      if (locks.expired.has(key)) continue;
      const holders = new Set<string>();
      for (const { sagaId: writer, state } of store.commits) {
        if (holds(state, key)) holders.add(writer);
        else holders.delete(writer);
        if (holders.size > 1 && holders.has(sagaId))
          return `${key} was held by ${[...holders].join(' and ')}`;
      }
    }
    return undefined;
  },
};

export const noStepBeforeLocks: Property = {
  name: 'no step begins before every lock was acquired, in sorted order',
  flaw: (_, saga) => {
    const { events } = saga;
    const first = events.findIndex(
      ({ event }) => event.type === 'StepStarted' || event.type === 'StepSkipped',
    );
    const acquired = events.flatMap(({ event }, index) =>
      event.type === 'LockAcquired' && (first < 0 || index < first) ? [event.key] : [],
    );
    const expected = [...keysOf(saga)].sort();
    if (first >= 0 && String(acquired) !== String(expected))
      return `it had acquired ${String(acquired)} of ${String(expected)} when its first step began`;
    return undefined;
  },
};

function keysOf({ events }: SagaRecord): readonly string[] {
  const started = events[0]?.event;
  return (started?.type === 'SagaStarted' && started.locks) || [];
}
