/** Tests of the tests: each guard is taken away, and the simulation has to notice. */
import { describe, expect, it } from '@jest/globals';
import {
  decide,
  effectsOf,
  evolve,
  participantOf,
  pendingCommand,
  stepsOf,
  stepState,
  type SagaEvent,
} from '@clew/saga/core';
import { ownStepsOnly } from './choreography-properties.js';
import { compensatedHoldsNothing, oneEffect } from './effect-properties.js';
import { historyReplays } from './ending-properties.js';
import { playHistory, type HistoryOptions } from './history.js';
import { SAGA_CORE, type SagaCore } from './saga-core.js';
import { tapesOf } from './simulate.js';

const drawn = Array.from({ length: 1_000 }, (_, schedule) => tapesOf(7, schedule));

/** How many of the same 1,000 histories break which promise. */
function brokenBy(options: HistoryOptions): Record<string, number> {
  const broken: Record<string, number> = {};
  for (const tapes of drawn) {
    const property = playHistory(tapes, options)?.property;
    if (property) broken[property] = (broken[property] ?? 0) + 1;
  }
  return broken;
}

/** Takes any reply about a step for the answer to what the step waits for. */
const believesAnyReply: SagaCore = {
  ...SAGA_CORE,
  decide: (definition, state, input, defaults) => {
    const pending = input.type === 'reply' && state && pendingCommand(state, input.command.step);
    return decide(definition, state, pending ? { ...input, command: pending } : input, defaults);
  },
};

/** Undoes a step in doubt on paper only: no command is sent, as if silence meant that nothing was done. */
const takesDoubtForNotDone: SagaCore = {
  ...SAGA_CORE,
  decide: (definition, before, input, defaults) => {
    const events: SagaEvent[] = [];
    let state = before;
    const queue = decide(definition, state, input, defaults);
    for (let event = queue.shift(); event; event = queue.shift()) {
      const wasInDoubt = state && 'step' in event && stepState(state, event.step).status === 'IN_DOUBT';
      state = evolve(state, event);
      events.push(event);
      if (event.type !== 'StepCompensationStarted' || !wasInDoubt) continue;
      const { step, epoch } = event;
      const outcome = { kind: 'done', result: {} } as const;
      const answer = { type: 'reply', command: { step, direction: 'compensation', epoch }, outcome } as const;
      queue.unshift(...decide(definition, state, answer, defaults));
    }
    return events;
  },
  effectsOf: (definition, state, events, defaults) => {
    const effects = effectsOf(definition, state, events, defaults);
    const isUndone = (step: string) => stepState(state, step).status === 'COMPENSATED';
    return { ...effects, commands: effects.commands.filter(({ step }) => !isUndone(step)) };
  },
};

/** Takes the turn of a step for its own, whoever's it is. */
const actsForOthers: SagaCore = {
  ...SAGA_CORE,
  reactTo: (definition, _, fact) => {
    const everybody = new Set(stepsOf(definition).map(({ action }) => participantOf(action.type)));
    return [...everybody].flatMap((name) => SAGA_CORE.reactTo(definition, name, fact));
  },
};

const choreographed = { coordination: 'choreography' } as const;

describe('the simulation', () => {
  it('finds nothing wrong while every guard is there', () => {
    expect(brokenBy({})).toEqual({});
  });

  it.each<[guard: string, without: HistoryOptions, promise: string]>([
    ['the match of a reply with what is pending', { core: believesAnyReply }, compensatedHoldsNothing.name],
    ['the undo of a step in doubt', { core: takesDoubtForNotDone }, compensatedHoldsNothing.name],
    ['the tombstone', { guards: { tombstone: false } }, compensatedHoldsNothing.name],
    ['the stored reply', { guards: { storedReply: false } }, oneEffect.name],
    ['the compare-and-set', { guards: { compareAndSet: false } }, historyReplays.name],
    [
      'the tombstone of a choreography',
      { ...choreographed, guards: { tombstone: false } },
      compensatedHoldsNothing.name,
    ],
    [
      'the stored fact of a choreography',
      { ...choreographed, guards: { storedReply: false } },
      oneEffect.name,
    ],
    [
      'the compare-and-set of an owner',
      { ...choreographed, guards: { compareAndSet: false } },
      historyReplays.name,
    ],
    [
      "a participant's care for its own steps only",
      { ...choreographed, core: actsForOthers },
      ownStepsOnly.name,
    ],
  ])('notices when %s is taken away', (_, without, promise) => {
    expect(brokenBy(without)[promise] ?? 0).toBeGreaterThanOrEqual(10);
  });
});
