import type { Parent } from './child-saga.js';
import type { SagaDefinition } from './definition.js';
import type { SagaEvent } from './events.js';
import type { SagaInput } from './inputs.js';
import { hasEnded, type Failure, type SagaState } from './state.js';
import { turnBack } from './turn-back.js';

type Start = Extract<SagaInput, { type: 'start' }>;

/** A second start changes nothing; of a child that has ended it asks for the answer once more. */
export function onStart(
  definition: SagaDefinition,
  state: SagaState | undefined,
  { input, parent, coordination }: Start,
): SagaEvent[] {
  if (state) {
    const isAsked = parent && state.parent?.undoEpoch === undefined && hasEnded(state);
    return isAsked ? [{ type: 'ParentAnsweredAgain' }] : [];
  }
  const keys = keysToTake(definition, input, parent);
  const started: SagaEvent = {
    type: 'SagaStarted',
    input,
    ...(parent && { parent }),
    ...(coordination && { coordination }),
    ...(keys.length > 0 && { locks: keys }),
  };
  const failure = lockOrderFailure(keys, parent);
  return failure ? [started, { type: 'CompensationBegan', failure }] : [started];
}

const LONGEST_KEY = 200;

/** Sorted: all sagas take their locks in one order, so that no two can wait for each other. */
function keysToTake(definition: SagaDefinition, input: unknown, parent: Parent | undefined): string[] {
  const keys = new Set(definition.lock?.keysOf(input));
  for (const key of keys) {
    if (typeof key === 'string' && key !== '' && key.length <= LONGEST_KEY) continue;
    throw new TypeError(
      `Saga ${definition.name}: a lock must be a text of 1 to ${LONGEST_KEY} characters, not ${JSON.stringify(key)}`,
    );
  }
  for (const key of parent?.locks ?? []) keys.delete(key);
  return [...keys].sort();
}

/** Waiting for a key that sorts before one that a parent holds could close a circle of waiters. */
function lockOrderFailure(keys: readonly string[], parent: Parent | undefined): Failure | undefined {
  const wanted = keys[0];
  const held = [...(parent?.locks ?? [])].sort().at(-1);
  if (wanted === undefined || held === undefined || wanted > held) return undefined;
  const message = `The lock "${wanted}" must be taken before "${held}", which a parent of this saga holds`;
  return { code: 'LOCK_ORDER', message };
}

/**
 * Nothing of the child is to be left. One that hasn't begun is kept from beginning; one that is done already turns back
 * all the same.
 */
export function onUndo(
  definition: SagaDefinition,
  state: SagaState | undefined,
  parent: Parent & { readonly undoEpoch: number },
): SagaEvent[] {
  const { undoEpoch, ...asker } = parent;
  if (!state) {
    const failure = { code: 'CANCELLED_BEFORE', message: 'The parent turned back before the saga began' };
    return [
      { type: 'SagaStarted', input: null, parent: asker },
      { type: 'UndoRequested', epoch: undoEpoch },
      { type: 'CompensationBegan', failure },
    ];
  }
  if (!state.parent) return [];
  if (state.parent.undoEpoch !== undefined)
    return state.status === 'COMPENSATED' ? [{ type: 'ParentAnsweredAgain' }] : [];
  const requested: SagaEvent = { type: 'UndoRequested', epoch: undoEpoch };
  if (state.status === 'COMPENSATED') return [requested, { type: 'ParentAnsweredAgain' }];
  if (state.failure) return [requested];
  const failure = { code: 'PARENT_TURNED_BACK', message: `Saga ${asker.saga} turned back` };
  return [requested, ...turnBack(definition, state, failure)];
}
