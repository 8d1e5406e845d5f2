/** The simulation of a definition that a team brings: its own steps, inputs and results, in all the drawn trouble. */
import { describe, expect, it } from '@jest/globals';
import { decide, pendingCommand, saga } from '@clew/saga/core';
import { delivery, order, packing, ReleaseStock, ReserveStock, type Order } from '../order-sagas.fixture.js';
import { assertHolds } from './assert-holds.js';
import { compensatedHoldsNothing, nothingMadeUp, oneEffect } from './effect-properties.js';
import { historyReplays } from './ending-properties.js';
import { undosInReverse } from './order-properties.js';
import { playHistory } from './history.js';
import { SAGA_CORE, type SagaCore } from './saga-core.js';
import { describeViolation, simulate, tapesOf, type SimulationOptions } from './simulate.js';
import type { Trace } from './trace.js';

const inputs = [
  { sku: 'nails', units: 4 },
  { sku: 'nails', units: 1 },
];
/** One that is known to find whatever is missing below. */
const seed = 7;

const stock = {
  action: ReserveStock,
  payload: ({ input }: { input: Order }) => input,
  compensation: ReleaseStock,
};

class Offers {
  offers!: readonly { readonly cents: number }[];
}
class Quote {
  static readonly type = 'stock.quote';
  static readonly reply = Offers;
  sku!: string;
}

/** Takes any reply about a step for the answer to what the step waits for. */
const believesAnyReply: SagaCore = {
  ...SAGA_CORE,
  decide: (definition, state, input, defaults) => {
    const pending = input.type === 'reply' && state && pendingCommand(state, input.command.step);
    return decide(definition, state, pending ? { ...input, command: pending } : input, defaults);
  },
};

/** Undoes steps in the order in which they were done. */
const undoesForwards: SagaCore = {
  ...SAGA_CORE,
  decide: (definition, state, input, defaults) => {
    const turned = { ...definition, stages: definition.stages.toReversed() };
    return decide(state?.failure ? turned : definition, state, input, defaults);
  },
};

describe('a simulation of a given definition', () => {
  it.each([
    ['with a pivot and groups', { definition: order, results: { stock: { reservationId: 's-1' } } }],
    ['with a child, locks and a deadline', { definition: delivery }],
  ])('finds nothing wrong: %s', (_, given) => {
    const { coverage } = assertHolds(simulate({ ...given, inputs, seed, schedules: 300 }));
    expect(coverage.histories).toBe(300);
    expect(coverage.completed).toBeGreaterThan(30);
    expect(coverage.compensated).toBeGreaterThan(100);
    expect(coverage.bugsParked).toBe(0);
  });
});

describe('a promise that is broken by a given definition', () => {
  const ordering = { definition: order, inputs, seed, schedules: 500 };

  it.each<[string, SimulationOptions, string]>([
    ['the match of a reply with what is pending', { core: believesAnyReply }, nothingMadeUp.name],
    ['the order of undos', { core: undoesForwards }, undosInReverse.name],
    ['the tombstone', { guards: { tombstone: false } }, compensatedHoldsNothing.name],
    ['the stored reply', { guards: { storedReply: false } }, oneEffect.name],
    ['the compare-and-set', { guards: { compareAndSet: false } }, historyReplays.name],
  ])('is found when %s is missing', (_, without, promise) => {
    const report = simulate({ ...ordering, ...without });
    expect(report.violation?.property).toBe(promise);
    expect(() => assertHolds(report)).toThrow(`Broken: ${promise}`);
  });

  const broken: SimulationOptions = { ...ordering, guards: { tombstone: false } };

  it('is found again, with the very same trace, by the seed and the schedule that the failure names', () => {
    const { violation } = simulate(broken);
    expect(violation?.schedule).toBeGreaterThan(0);
    const again = simulate({ ...broken, from: violation!.schedule, schedules: 1 });
    expect(again.violation).toEqual(violation);
    expect(again.schedules).toBe(1);
  });

  it('is told with the shortest schedule that shows it', () => {
    const report = simulate(broken);
    const { schedule, trace, property } = report.violation!;
    const whole: Trace = [];
    const given = { definition: order, inputs, results: {} };
    const violation = playHistory(tapesOf(seed, schedule), {
      guards: { tombstone: false },
      given,
      trace: whole,
    });
    expect(violation?.property).toBe(property);
    expect(trace.length).toBeLessThan(whole.length);
    const again = `simulate({ …, seed: ${seed}, from: ${schedule}, schedules: 1 })`;
    expect(describeViolation(report)?.split('\n')).toEqual([
      `Broken: ${property}`,
      report.violation!.flaw,
      `Seed ${seed}, schedule ${schedule}; again with ${again}:`,
      ...trace,
    ]);
  });
});

describe('what a team brings to a simulation', () => {
  it('may ask its steps as often as it likes: attempts are drawn all the same', () => {
    const patient = saga<Order>('patient', { version: 1 })
      .step('stock', { ...stock, policy: { attempts: 900 }, compensationPolicy: { attempts: 900 } })
      .end();
    const { coverage } = assertHolds(simulate({ definition: patient, inputs, seed, schedules: 200 }));
    expect(coverage.leftInDoubtBySilence).toBeGreaterThan(10);
    expect(coverage.undosAnsweredAfterParking).toBeGreaterThan(10);
  });

  it('may be one child in two steps, each with its own instance', () => {
    const twice = saga<Order>('twice', { version: 1 })
      .child('first', { saga: packing, input: ({ input }) => input })
      .child('second', { saga: packing, input: ({ input }) => input })
      .end();
    const { coverage } = assertHolds(simulate({ definition: twice, inputs, seed, schedules: 200 }));
    expect(coverage.childrenUndone).toBeGreaterThan(10);
  });

  it('may promise more than every saga does, of its events and of what participants did', () => {
    const seen = { histories: 0, effects: 0, events: 0 };
    const look = { definition: order, inputs, seed, schedules: 100 };
    const watched = simulate({
      ...look,
      promises: {
        'nothing in particular': ({ state, effects, events }) => {
          seen.histories += 1;
          seen.effects += effects.filter(({ step }) => step === 'stock').length;
          seen.events += events.filter(({ type }) => type === 'SagaStarted').length;
          return state.status === 'RUNNING' ? 'it never ended' : undefined;
        },
      },
    });
    assertHolds(watched);
    expect(seen.events).toBe(seen.histories);
    expect(seen.effects).toBeGreaterThan(100);

    const nobodyIsRefused = { 'nobody is refused': () => 'somebody was' };
    expect(simulate({ ...look, promises: nobodyIsRefused }).violation).toMatchObject({
      property: 'nobody is refused',
      flaw: expect.stringMatching(/^saga .*: somebody was$/),
    });
  });

  it('may read what participants answer', () => {
    const quoting = saga<Order>('quoting', { version: 1 })
      .step('quote', { ...stock, action: Quote })
      .step('stock', {
        ...stock,
        when: ({ results }: { results: { quote: Offers } }) => results.quote.offers[0]!.cents < 100,
      })
      .end();
    const bargain = { quote: { offers: [{ cents: 99 }] } };
    const asked = { definition: quoting, inputs, seed, schedules: 200 };
    const { coverage } = assertHolds(simulate({ ...asked, results: bargain }));
    expect(coverage.stepsSkippedByCondition).toBe(0);
    const dear = assertHolds(simulate({ ...asked, results: { quote: { offers: [{ cents: 100 }] } } }));
    expect(dear.coverage.stepsSkippedByCondition).toBeGreaterThan(50);
    // Without an answer the condition throws: the saga is STUCK, which breaks no promise but is counted.
    expect(assertHolds(simulate(asked)).coverage.bugsParked).toBeGreaterThan(50);
  });
});
