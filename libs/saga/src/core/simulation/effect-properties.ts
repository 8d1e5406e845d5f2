import { commandId, type Direction } from '../command.js';
import { stepNamed, stepsOf } from '../definition.js';
import type { SagaEvent } from '../events.js';
import { stepState } from '../state.js';
import type { Property } from './property.js';
import type { SagaRecord } from './saga-record.js';
import type { World } from './world.js';

export const oneEffect: Property = {
  name: 'at most one effect per saga, step and direction',
  flaw: ({ ledger }, { sagaId }) => {
    const seen = new Set<string>();
    for (const effect of ledger.effects) {
      if (effect.sagaId !== sagaId) continue;
      const key = `${effect.step}/${effect.direction}`;
      if (seen.has(key)) return `${key} took effect twice`;
      seen.add(key);
    }
    return undefined;
  },
};

export const compensatedHoldsNothing: Property = {
  name: 'nothing is reserved any more from the moment a saga is COMPENSATED',
  flaw: ({ ledger }, saga) => {
    const end = momentOf(saga, 'SagaCompensated');
    if (end === undefined) return undefined;
    return (
      listed('at the end it held', ledger.heldBy(saga.sagaId, end)) ??
      listed('later it held', ledger.heldBy(saga.sagaId))
    );
  },
};

export const completedHoldsItsSteps: Property = {
  name: 'a COMPLETED saga holds exactly its steps',
  flaw: ({ ledger, scenario }, saga) => {
    const end = momentOf(saga, 'SagaCompleted');
    if (end === undefined) return undefined;
    const expected = stepsOf(scenario.definition).map(({ name }) => [name, saga.plan.steps.get(name)!.units]);
    for (const moment of [end, Infinity]) {
      const held = [...ledger.heldBy(saga.sagaId, moment)].sort(([a], [b]) => (a < b ? -1 : 1));
      if (String(held) !== String(expected)) return `it holds ${String(held)} instead of ${String(expected)}`;
    }
    return undefined;
  },
};

export const stuckHoldsOnlyParked: Property = {
  name: 'a STUCK saga holds nothing but steps that are parked, or done before a parked retriable one',
  flaw: ({ ledger }, { sagaId, stored: { state } }) => {
    if (state?.status !== 'STUCK') return undefined;
    const allowed = state.failure ? ['STUCK'] : ['STUCK', 'SUCCEEDED'];
    const held = ledger.heldBy(sagaId);
    for (const step of held.keys()) {
      const { status } = stepState(state, step);
      if (!allowed.includes(status)) return `${step} is ${status} and still held`;
    }
    const missing = Object.keys(state.steps).find(
      (step) => stepState(state, step).status === 'SUCCEEDED' && !held.has(step),
    );
    return missing && `${missing} counts as done and isn't held`;
  },
};

export const inventoryAddsUp: Property = {
  name: 'the inventory is the sum of the reservations, and of the ledger',
  flaw: (world) => {
    const { scenario, ledger } = world;
    for (const { name } of stepsOf(scenario.definition)) {
      const { inventory, reservations } = world.participantFor(name);
      const taken = inventory.takenOf(name);
      let reserved = 0;
      for (const { sagaId } of scenario.sagas) reserved += reservations.get(`${sagaId}/${name}`) ?? 0;
      const booked = ledger.effects.reduce((sum, { step, units }) => sum + (step === name ? units : 0), 0);
      const capacity = scenario.capacities.get(name)!;
      if (taken !== reserved || taken !== booked || taken < 0 || taken > capacity) {
        return `${name}: ${taken} of ${capacity} taken, ${reserved} reserved, ${booked} in the ledger`;
      }
    }
    return undefined;
  },
};

export const nothingMadeUp: Property = {
  name: 'a saga believes only what the participant has on record for that very command',
  flaw: (world, { sagaId, events }) => {
    for (const { event } of events) {
      const said = believed(world, event);
      if (!said) continue;
      const { step, direction, kind } = said;
      const record = world.participantFor(step).recordOf(commandId(sagaId, { step, direction, epoch: 0 }));
      if (record?.outcome.kind !== kind || record.isTombstone) {
        return `${event.type} ${step}, but the participant has on record: ${JSON.stringify(record)}`;
      }
      if (event.type === 'StepSucceeded' && JSON.stringify(record.outcome) !== outcomeOf(event.result)) {
        return `${step} has a result that isn't the participant's`;
      }
    }
    return undefined;
  },
};

function outcomeOf(result: object): string {
  return JSON.stringify({ kind: 'done', result });
}

/** What the saga claims by an event that a participant has said. */
function believed(
  { scenario }: World,
  event: SagaEvent,
): { step: string; direction: Direction; kind: 'done' | 'rejected' } | undefined {
  switch (event.type) {
    case 'StepSucceeded':
      return { step: event.step, direction: 'action', kind: 'done' };
    case 'StepRejected':
      return { step: event.step, direction: 'action', kind: 'rejected' };
    case 'StepCompensated':
      return { step: event.step, direction: 'compensation', kind: 'done' };
    case 'StepParked': {
      if (event.reason.kind === 'silence') return undefined;
      const { kind } = stepNamed(scenario.definition, event.step);
      return {
        step: event.step,
        direction: kind === 'compensatable' ? 'compensation' : 'action',
        kind: 'rejected',
      };
    }
    default:
      return undefined;
  }
}

function momentOf({ events }: SagaRecord, type: 'SagaCompensated' | 'SagaCompleted'): number | undefined {
  return events.find(({ event }) => event.type === type)?.at;
}

function listed(what: string, held: ReadonlyMap<string, number>): string | undefined {
  return held.size > 0 ? `${what} ${[...held.keys()].join(', ')}` : undefined;
}
