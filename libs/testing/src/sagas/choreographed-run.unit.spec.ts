import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICIES, saga, type SagaInput } from '@clew/saga/core';
import { ChoreographedRun } from './choreographed-run.js';
import {
  order,
  ReleaseStock,
  ReleaseWrapping,
  ReserveStock,
  ReserveWrapping,
} from './order-sagas.fixture.js';

const stock = {
  action: ReserveStock,
  payload: () => ({ sku: 'nails', units: 1 }),
  compensation: ReleaseStock,
};
const wrapping = { action: ReserveWrapping, payload: () => ({}), compensation: ReleaseWrapping };

/** Stock from one shelf and wrapping side by side, then more stock under the name of the first. */
const joined = saga<object>('joined', { version: 1 })
  .parallel({ left: stock, right: wrapping })
  .step('more', { ...stock, payload: ({ results }) => ({ sku: results.left.reservationId, units: 1 }) })
  .end();

const start: SagaInput = { type: 'start', input: {} };
const cancel: SagaInput = {
  type: 'operation',
  operation: { action: 'cancel' },
  actor: 'ada',
  reason: 'because',
};
const done = (step: string, reservationId = 'r-1'): SagaInput => ({
  type: 'reply',
  command: { step, direction: 'action', epoch: 0 },
  outcome: { kind: 'done', result: { reservationId } },
});

function played(definition: typeof order | typeof joined, ...inputs: readonly SagaInput[]): ChoreographedRun {
  const run = new ChoreographedRun(definition, DEFAULT_POLICIES);
  inputs.forEach((input) => run.take(input));
  return run;
}

const steps = ({ sent }: ChoreographedRun) => sent.map(({ command }) => command.step);

describe('participants that move a saga on by themselves', () => {
  it('wait for all that come together', () => {
    expect(steps(played(joined, start, done('right')))).toEqual(['left', 'right']);
    expect(steps(played(joined, start, done('right'), done('left')))).toEqual(['left', 'right', 'more']);
  });

  it('say the same again when they are answered twice', () => {
    const run = played(joined, start, done('left', 'first'), done('left', 'second'), done('right'));
    expect(run.sent.at(-1)?.command.payload).toEqual({ sku: 'first', units: 1 });
  });

  it('carry nothing out once more because they hear of it once more', () => {
    const run = played(order, start, done('stock'));
    for (const sent of run.sent) sent.mark = 'expected';
    run.take(done('stock'));
    expect(run.sent.map(({ mark }) => mark)).toEqual(['expected', 'expected', 'expected']);
  });

  it('begin nothing that was undone before it began', () => {
    expect(steps(played(order, start, cancel, done('stock')))).toEqual(['stock', 'stock']);
  });

  it('undo in no time what has never begun', () => {
    const { state } = played(order, start, cancel);
    expect(state?.steps).toMatchObject({
      stock: { status: 'COMPENSATING' },
      spare: { status: 'COMPENSATED' },
      wrapping: { status: 'COMPENSATED' },
    });
  });
});
