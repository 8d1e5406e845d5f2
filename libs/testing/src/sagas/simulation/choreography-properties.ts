import { isCommitted, participantOf, stepNamed, stepsOf } from '@clew/saga/core';
import { stepsBefore } from './draw-definition.js';
import type { Property } from './property.js';
import type { SagaRecord } from './saga-record.js';
import type { World } from './world.js';

export const decidedBeforeNoReturn: Property = {
  name: "a step that can't be undone takes effect only after the saga was decided to be past its point of no return",
  flaw: ({ ledger }, { sagaId, plan: { definition }, commits, events, byHand }) => {
    const first = definition.stages.find(([member]) => member?.kind !== 'compensatable') ?? [];
    const decided = commits.find(({ state }) => isCommitted(definition, state))?.at ?? Infinity;
    for (const { step, at } of actionsOf(ledger, sagaId)) {
      if (stepNamed(definition, step).kind === 'compensatable' || byHand.has(step)) continue;
      if (at < decided) return `${step} took effect before anybody had decided on it`;
      if (!first.some(({ name }) => name === step)) continue;
      const begun = events.find(({ event }) => event.type === 'StepStarted' && event.step === step);
      if (!begun || at < begun.at) return `${step} took effect before it was decided on`;
    }
    return undefined;
  },
};

export const ownStepsOnly: Property = {
  name: 'a participant carries out only its own steps',
  flaw: ({ participants }, { sagaId, plan: { definition } }) => {
    for (const [name, { commands }] of participants) {
      const foreign = commands.find(
        ({ sagaId: id, command }) =>
          id === sagaId && participantOf(stepNamed(definition, command.step).action.type) !== name,
      );
      if (foreign) return `${name} carried out ${foreign.id}`;
    }
    return undefined;
  },
};

export const sameCommandEverywhere: Property = {
  name: 'what a participant carries out is the very command that was decided on, whoever came first',
  flaw: (world, saga) => {
    // What an operator has said of a step, others may learn of before or after what its participant says.
    if (saga.byHand.size > 0) return undefined;
    const decided = new Map<string, string>();
    for (const { id, command } of saga.commits.flatMap(({ commands }) => commands))
      decided.set(id, JSON.stringify({ ...command, attempt: 0 }));
    for (const { id, command } of carriedOut(world, saga)) {
      const [own, other] = [JSON.stringify({ ...command, attempt: 0 }), decided.get(id)];
      if (other !== undefined && !isSame(own, other)) return `${id} is ${own}, but ${other} was decided on`;
    }
    return undefined;
  },
};

export const knowsWhatCameBefore: Property = {
  name: 'whoever carries a step out knows the results of all steps before it',
  flaw: (world, saga) => {
    // A team's own payloads are its own business; what was done by hand has no result on record.
    if (world.scenario.definition.name !== 'drawn' || saga.byHand.size > 0) return undefined;
    const done = new Set(actionsOf(world.ledger, saga.sagaId).map(({ step }) => step));
    for (const { id, command } of carriedOut(world, saga)) {
      if (command.direction === 'compensation') continue;
      const { after } = command.payload as { after: Readonly<Record<string, unknown>> };
      const missing = stepsBefore(saga.plan.definition, command.step).find(
        (name) => done.has(name) && after[name] === undefined && !saga.plan.children.has(name),
      );
      if (missing) return `${id} was carried out without the result of ${missing}`;
    }
    return undefined;
  },
};

export const nothingAfterTheEnd: Property = {
  name: 'nothing happens anywhere after the end of a saga',
  flaw: ({ ledger }, { sagaId, events, byHand }) => {
    const last = events.findLast(({ event }) => event.type !== 'ParentAnsweredAgain');
    if (last?.event.type !== 'SagaCompleted' && last?.event.type !== 'SagaCompensated') return undefined;
    const late = ledger.effects.find(
      (effect) => effect.sagaId === sagaId && effect.at > last.at && !byHand.has(effect.step),
    );
    return late && `${late.step}/${late.direction} took effect after ${last.event.type}`;
  },
};

export const undoneInReverse: Property = {
  name: 'steps are undone in reverse order, but for those whose undo was refused, silent or retried',
  flaw: ({ ledger }, { sagaId, plan, events, byHand }) => {
    const order = stepsOf(plan.definition).map(({ name }) => name);
    const parked = new Set(
      events.flatMap(({ event }) =>
        event.type === 'StepParked' || event.type === 'StepUnparked' ? [event.step] : [],
      ),
    );
    let last = order.length;
    for (const { step, direction, sagaId: id } of ledger.effects) {
      if (id !== sagaId || direction === 'action' || parked.has(step) || byHand.has(step)) continue;
      const place = order.indexOf(step);
      if (place > last) return `${step} was undone after ${order[last]}`;
      last = place;
    }
    return undefined;
  },
};

function actionsOf({ effects }: World['ledger'], sagaId: string) {
  return effects.filter((effect) => effect.sagaId === sagaId && effect.direction === 'action');
}

function carriedOut({ participants }: World, { sagaId }: SagaRecord) {
  return [...participants.values()].flatMap(({ commands }) =>
    commands.filter((message) => message.sagaId === sagaId),
  );
}

/** Whatever the order of their fields. */
function isSame(one: string, other: string): boolean {
  const sorted = (text: string) => JSON.stringify(Object.entries(JSON.parse(text) as object).sort());
  return sorted(one) === sorted(other);
}
