import { describe, expect, it } from '@jest/globals';
import { commandId } from './command.js';
import { decide } from './decide.js';
import { DEFAULT_POLICIES } from './definition.js';
import { effectsOf, type Effects } from './effects.js';
import { evolveAll } from './evolve.js';
import type { SagaInput } from './inputs.js';
import { saga } from './saga-builder.js';
import { action, done, refused, silent, start, undo, undone } from './story.fixture.js';
import type { SagaState } from './state.js';

const SAGA_ID = '0192b6a0-7c1e-7000-8000-000000000001';

class Reserved {
  reservationId!: string;
}
class Cancelled {}
class Reserve {
  static readonly type = 'flights.reserve';
  static readonly reply = Reserved;
  flightNumber!: string;
  after?: string;
}
class Cancel {
  static readonly type = 'flights.cancel';
  static readonly reply = Cancelled;
}

const definition = saga<{ flightNumber: string }>('there-and-back', { version: 1 })
  .step('there', {
    action: Reserve,
    payload: ({ input }) => ({ flightNumber: input.flightNumber }),
    compensation: Cancel,
    policy: { timeoutMs: 100, maxTimeoutMs: 350, backoff: 2, attempts: 5 },
    compensationPolicy: { timeoutMs: 50 },
  })
  .parallel({
    back: {
      action: Reserve,
      payload: ({ input, results }) => ({
        flightNumber: input.flightNumber,
        after: results.there.reservationId,
      }),
      compensation: Cancel,
    },
    bag: { action: Reserve, payload: ({ input }) => input, compensation: Cancel },
  })
  .end();

/** What the world is told of the last input. */
function effectsAfter(...inputs: readonly SagaInput[]): Effects {
  let state: SagaState | undefined;
  let effects: Effects = { commands: [], timers: new Map(), locks: { request: [], release: false } };
  for (const input of inputs) {
    const events = decide(definition, state, input, DEFAULT_POLICIES);
    state = evolveAll(state, events);
    if (state) effects = effectsOf(definition, state, events, DEFAULT_POLICIES);
  }
  return effects;
}

const idsIn = ({ commands }: Effects) => commands.map((command) => commandId(SAGA_ID, command));

describe('commands', () => {
  it('carry the input of the saga to the participant that their type names', () => {
    const effects = effectsAfter(start);
    expect(effects.commands).toEqual([
      {
        ...action('there'),
        attempt: 1,
        participant: 'flights',
        type: 'flights.reserve',
        payload: { flightNumber: 'CL100' },
      },
    ]);
    expect(idsIn(effects)).toEqual([`${SAGA_ID}/there/action/0`]);
  });

  it('carry the results of earlier steps', () => {
    const { commands } = effectsAfter(start, done('there'));
    expect(commands.map(({ step, payload }) => [step, payload])).toEqual([
      ['back', { flightNumber: 'CL100', after: 'there' }],
      ['bag', { flightNumber: 'CL100' }],
    ]);
  });

  it('are the same when they are sent again, but for the attempt', () => {
    const first = effectsAfter(start, done('there'));
    const again = effectsAfter(start, done('there'), silent(action('back'), 1));
    expect(idsIn(again)).toEqual([`${SAGA_ID}/back/action/0`]);
    expect(again.commands).toEqual([{ ...first.commands[0], attempt: 2 }]);
  });

  it('carry nothing of the steps beside theirs, so that every attempt is the same', () => {
    const seen: string[][] = [];
    const member = {
      action: Reserve,
      payload: ({ results }: { results: object }) => {
        seen.push(Object.keys(results));
        return { flightNumber: 'CL100' };
      },
      compensation: Cancel,
    };
    const twins = saga<object>('twins', { version: 1 })
      .step('before', member)
      .parallel({ left: member, right: member })
      .end();
    let state: SagaState | undefined;
    for (const input of [start, done('before'), done('right'), silent(action('left'), 1)]) {
      const events = decide(twins, state, input, DEFAULT_POLICIES);
      state = evolveAll(state, events)!;
      effectsOf(twins, state, events, DEFAULT_POLICIES);
    }
    // Twice where a step begins: the first call only tries the definition's code out.
    expect(new Set(seen.map(String))).toEqual(new Set(['', 'before']));
  });

  it('that undo a step carry nothing but what they undo', () => {
    const effects = effectsAfter(start, done('there'), refused('bag'));
    expect(effects.commands).toEqual([
      {
        ...undo('back'),
        attempt: 1,
        undoes: 0,
        participant: 'flights',
        type: 'flights.cancel',
        payload: {},
      },
    ]);
    expect(idsIn(effects)).toEqual([`${SAGA_ID}/back/compensation/0`]);
  });

  it('that undo a step are the same when they are sent again', () => {
    const turned = [start, done('there'), refused('bag')];
    const again = effectsAfter(...turned, silent(undo('back'), 1));
    expect(again.commands).toEqual([{ ...effectsAfter(...turned).commands[0], attempt: 2 }]);
  });

  it('are none when an input changes nothing or only counts', () => {
    expect(effectsAfter(start, done('there'), done('there')).commands).toEqual([]);
    expect(effectsAfter(start, done('there'), done('bag')).commands).toEqual([]);
    expect(effectsAfter(start, done('there'), done('bag'), done('back')).commands).toEqual([]);
  });

  it('can not undo a step that never began, nor one without a compensation', () => {
    const state = evolveAll(undefined, [{ type: 'SagaStarted', input: { flightNumber: 'CL100' } }])!;
    const undoStarted = { type: 'StepCompensationStarted', step: 'there', epoch: 0, attempt: 1 } as const;
    expect(() => effectsOf(definition, state, [undoStarted], DEFAULT_POLICIES)).toThrow(
      'Step "there" can\'t be undone',
    );
  });

  it('can not be made for a step that the definition does not have', () => {
    const state = evolveAll(undefined, [{ type: 'SagaStarted', input: {} }])!;
    const unknown = { type: 'StepStarted', step: 'submarine', epoch: 0, attempt: 1 } as const;
    expect(() => effectsOf(definition, state, [unknown], DEFAULT_POLICIES)).toThrow(
      'Saga there-and-back v1 has no step "submarine"',
    );
  });
});

describe('deadlines', () => {
  it('grow from attempt to attempt up to the longest wait', () => {
    const waits: (number | undefined)[] = [];
    const inputs: SagaInput[] = [start];
    for (let attempt = 1; attempt <= 4; attempt++) {
      waits.push(effectsAfter(...inputs).timers.get('there')?.afterMs);
      inputs.push(silent(action('there'), attempt));
    }
    expect(waits).toEqual([100, 200, 350, 350]);
  });

  it('name the command and its attempt', () => {
    expect(effectsAfter(start, silent(action('there'), 1)).timers).toEqual(
      new Map([['there', { ...action('there'), attempt: 2, afterMs: 200, jitter: 0.1 }]]),
    );
  });

  it('of an undo follow its own policy, completed by the defaults', () => {
    const turned = [start, done('there'), refused('bag'), undone('back')];
    expect(effectsAfter(...turned).timers.get('there')).toEqual({
      ...undo('there'),
      attempt: 1,
      afterMs: 50,
      jitter: 0.1,
    });
    expect(effectsAfter(...turned, silent(undo('there'), 1)).timers.get('there')?.afterMs).toBe(100);
  });

  it('are taken away with the answer, while those of others stay', () => {
    const { timers } = effectsAfter(start, done('there'), done('back'));
    expect([...timers]).toEqual([['back', undefined]]);
  });

  it('of a step that is given up become those of its undo; the one that was refused has none any more', () => {
    const { timers } = effectsAfter(start, done('there'), refused('back'));
    expect(timers.get('bag')).toMatchObject({ direction: 'compensation', attempt: 1 });
    expect(timers.has('back')).toBe(true);
    expect(timers.get('back')).toBeUndefined();
  });

  it('of a step that is given up and waits for its undo are taken away', () => {
    const threefold = saga<{ flightNumber: string }>('threefold', { version: 1 })
      .parallel({
        one: { action: Reserve, payload: ({ input }) => input, compensation: Cancel },
        two: { action: Reserve, payload: ({ input }) => input, compensation: Cancel },
        three: { action: Reserve, payload: ({ input }) => input, compensation: Cancel },
      })
      .end();
    const before = evolveAll(undefined, decide(threefold, undefined, start, DEFAULT_POLICIES))!;
    const events = decide(threefold, before, refused('three'), DEFAULT_POLICIES);
    const { timers } = effectsOf(threefold, evolveAll(before, events)!, events, DEFAULT_POLICIES);
    expect(timers.has('one')).toBe(true);
    expect(timers.get('one')).toBeUndefined();
    expect(timers.get('two')).toMatchObject({ direction: 'compensation' });
  });

  it('of an undo are taken away with its answer', () => {
    const { timers } = effectsAfter(start, done('there'), refused('bag'), undone('back'));
    expect(timers.has('back')).toBe(true);
    expect(timers.get('back')).toBeUndefined();
  });

  it('of an undo that is parked are taken away', () => {
    const parked = effectsAfter(
      start,
      done('there'),
      refused('back'),
      ...Array.from({ length: 20 }, (_, index) => silent(undo('bag'), index + 1)),
    );
    expect(parked.timers.has('bag')).toBe(true);
    expect(parked.timers.get('bag')).toBeUndefined();
    expect(parked.timers.get('there')).toMatchObject({ direction: 'compensation' });
  });
});

describe('inputs folded into one write', () => {
  it('give the same effects as one write each', () => {
    const before = evolveAll(undefined, decide(definition, undefined, start, DEFAULT_POLICIES))!;
    const step = decide(definition, before, done('there'), DEFAULT_POLICIES);
    const between = evolveAll(before, step)!;
    const refusal = decide(definition, between, refused('back'), DEFAULT_POLICIES);
    const folded = effectsOf(
      definition,
      evolveAll(between, refusal)!,
      [...step, ...refusal],
      DEFAULT_POLICIES,
    );
    const first = effectsOf(definition, between, step, DEFAULT_POLICIES);
    const second = effectsOf(definition, evolveAll(between, refusal)!, refusal, DEFAULT_POLICIES);
    expect(folded.commands).toEqual([...first.commands, ...second.commands]);
    expect(folded.timers).toEqual(new Map([...first.timers, ...second.timers]));
  });
});
