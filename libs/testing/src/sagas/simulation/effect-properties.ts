import {
  commandId,
  SAGA_PARTICIPANT,
  participantOf,
  stepNamed,
  stepsOf,
  stepState,
  type Direction,
  type SagaDefinition,
  type SagaEvent,
} from '@clew/saga/core';
import { familyOf, resourceOf } from './scenario.js';
import type { Property } from './property.js';
import type { SagaRecord } from './saga-record.js';

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
      listed('at the end it held', ledger.heldBy(saga.sagaId, end), saga.byHand) ??
      listed('later it held', ledger.heldBy(saga.sagaId), saga.byHand)
    );
  },
};

export const completedHoldsItsSteps: Property = {
  name: 'a COMPLETED saga holds exactly its steps',
  flaw: ({ ledger }, saga) => {
    const { sagaId, plan, byHand, stored } = saga;
    const end = momentOf(saga, 'SagaCompleted');
    if (end === undefined) return undefined;
    const expected = commandStepsOf(plan.definition).flatMap(({ name }) => {
      const wasSkipped = saga.events.some(({ event }) => event.type === 'StepSkipped' && event.step === name);
      return byHand.has(name) || wasSkipped ? [] : [[name, plan.steps.get(name)!.units]];
    });
    // A child may turn back after its end.
    for (const moment of stored.state?.status === 'COMPLETED' ? [end, Infinity] : [end]) {
      const held = [...ledger.heldBy(sagaId, moment)]
        .filter(([name]) => !byHand.has(name))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      if (String(held) !== String(expected.sort(([a], [b]) => (a! < b! ? -1 : 1))))
        return `it holds ${String(held)} instead of ${String(expected)}`;
    }
    return undefined;
  },
};

export const stuckHoldsOnlyParked: Property = {
  name: 'a STUCK saga holds nothing but steps that are parked, done before a parked one, or begun after it unheard',
  flaw: ({ ledger }, { sagaId, plan, byHand, stored: { state } }) => {
    if (state?.status !== 'STUCK') return undefined;
    const unheard = state.coordination ? ['PENDING'] : [];
    const allowed = state.failure ? ['STUCK'] : ['STUCK', 'SUCCEEDED', ...unheard];
    const held = ledger.heldBy(sagaId);
    for (const step of held.keys()) {
      const { status } = stepState(state, step);
      if (!allowed.includes(status) && !byHand.has(step)) return `${step} is ${status} and still held`;
    }
    const missing = commandStepsOf(plan.definition).find(
      ({ name }) => stepState(state, name).status === 'SUCCEEDED' && !held.has(name) && !byHand.has(name),
    );
    return missing && `${missing.name} counts as done and isn't held`;
  },
};

export const inventoryAddsUp: Property = {
  name: 'the inventory is the sum of the reservations, and of the ledger',
  flaw: ({ scenario, ledger, participants, cast }, { sagaId }) => {
    // Once for all sagas is enough.
    if (sagaId !== scenario.sagas[0]?.sagaId) return undefined;
    for (const definition of familyOf(scenario.definition)) {
      const actors = cast.all.filter((actor) => actor.definition === definition);
      const ids = new Set(actors.map((actor) => actor.sagaId));
      for (const { name, action } of commandStepsOf(definition)) {
        const { inventory, reservations } = participants.get(participantOf(action.type))!;
        const resource = resourceOf(definition, name);
        const taken = inventory.takenOf(resource);
        let reserved = 0;
        for (const id of ids) reserved += reservations.get(`${id}/${name}`) ?? 0;
        const effects = ledger.effects.filter(({ step, sagaId: id }) => step === name && ids.has(id));
        const booked = effects.reduce((sum, { units }) => sum + units, 0);
        const capacity = scenario.capacities.get(resource)!;
        if (taken !== reserved || taken !== booked || taken < 0 || taken > capacity) {
          return `${name}: ${taken} of ${capacity} taken, ${reserved} reserved, ${booked} in the ledger`;
        }
      }
    }
    return undefined;
  },
};

export const nothingMadeUp: Property = {
  name: 'a saga believes only what the participant has on record for that very command',
  flaw: ({ participants }, { sagaId, plan, events }) => {
    const epochs = new Map<string, number>();
    for (const { event } of events) {
      if (event.type === 'StepStarted') epochs.set(`${event.step}/action`, event.epoch);
      if (event.type === 'StepCompensationStarted') epochs.set(`${event.step}/compensation`, event.epoch);
      const said = believed(plan.definition, event);
      if (!said || plan.children.has(said.step)) continue;
      const { step, direction, kind } = said;
      const participant = participants.get(participantOf(stepNamed(plan.definition, step).action.type))!;
      const epoch = epochs.get(`${step}/${direction}`) ?? 0;
      const record = participant.recordOf(commandId(sagaId, { step, direction, epoch }));
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

/** Those that a participant carries out. */
function commandStepsOf(definition: SagaDefinition) {
  return stepsOf(definition).filter(({ action }) => participantOf(action.type) !== SAGA_PARTICIPANT);
}

function outcomeOf(result: object): string {
  return JSON.stringify({ kind: 'done', result });
}

/** What the saga claims by an event that a participant has said. */
function believed(
  definition: SagaDefinition,
  event: SagaEvent,
): { step: string; direction: Direction; kind: 'done' | 'rejected' } | undefined {
  if ('byHand' in event && event.byHand) return undefined;
  switch (event.type) {
    case 'StepSucceeded':
      return { step: event.step, direction: 'action', kind: 'done' };
    case 'StepRejected':
      return { step: event.step, direction: 'action', kind: 'rejected' };
    case 'StepCompensated':
      return { step: event.step, direction: 'compensation', kind: 'done' };
    case 'StepParked': {
      if (event.reason.kind !== 'rejection') return undefined;
      const { kind } = stepNamed(definition, event.step);
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

function listed(
  what: string,
  held: ReadonlyMap<string, number>,
  except: ReadonlySet<string>,
): string | undefined {
  const names = [...held.keys()].filter((name) => !except.has(name));
  return names.length > 0 ? `${what} ${names.join(', ')}` : undefined;
}
