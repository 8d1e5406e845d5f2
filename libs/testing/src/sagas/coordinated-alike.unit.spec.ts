import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICIES, saga, type SagaInput } from '@clew/saga/core';
import { ChoreographedRun } from './choreographed-run.js';
import { differenceOf } from './coordinated-alike.js';
import { given } from './given.js';
import {
  Charge,
  delivery,
  Dispatch,
  order,
  packing,
  ReleaseStock,
  ReleaseWrapping,
  ReserveStock,
  ReserveWrapping,
} from './order-sagas.fixture.js';
import { SagaRun } from './saga-run.js';

const nails = { sku: 'nails', units: 4 };
const reserved = { reservationId: 's-1' };

const start: SagaInput = { type: 'start', input: nails };
const done = (step: string, result: object = reserved): SagaInput => ({
  type: 'reply',
  command: { step, direction: 'action', epoch: 0 },
  outcome: { kind: 'done', result },
});
const refused = (step: string, code = 'GONE'): SagaInput => ({
  type: 'reply',
  command: { step, direction: 'action', epoch: 0 },
  outcome: { kind: 'rejected', rejection: { code, message: code } },
});
const cancel: SagaInput = {
  type: 'operation',
  operation: { action: 'cancel' },
  actor: 'ada',
  reason: 'because',
};

/** In what a choreographed order differs from an orchestrated one that other things have happened to. */
function differenceBetween(orchestrated: readonly SagaInput[], choreographed: readonly SagaInput[]) {
  const [one, other] = [new SagaRun(order, DEFAULT_POLICIES), new ChoreographedRun(order, DEFAULT_POLICIES)];
  orchestrated.forEach((input) => one.take(input));
  choreographed.forEach((input) => other.take(input));
  return differenceOf(one, other);
}

describe('two coordinations', () => {
  it('come to the same when the same happens to them', () => {
    expect(differenceBetween([], [])).toBeUndefined();
    const begun = [start, done('stock'), done('wrapping')];
    for (const last of [done('spare'), refused('spare'), cancel])
      expect(differenceBetween([...begun, last], [...begun, last])).toBeUndefined();
  });

  it('may differ in the undo of a step that has never begun', () => {
    const one = new ChoreographedRun(order, DEFAULT_POLICIES);
    [start, cancel].forEach((input) => one.take(input));
    expect(one.sent.map(({ command }) => command.type)).toEqual(['stock.reserve', 'stock.release']);
    expect(one.state?.steps['wrapping']?.status).toBe('COMPENSATED');
    expect(differenceBetween([start, cancel], [start, cancel])).toBeUndefined();
  });

  it.each<[string, readonly SagaInput[], readonly SagaInput[], string]>([
    [
      'who begins',
      [start],
      [],
      'sends stock.reserve (stock/action/0), but choreographed nobody carries that out',
    ],
    ['what is carried out', [start], [start, done('stock')], 'is carried out, but no orchestrator sends it'],
    [
      'what a command carries',
      [start],
      [{ type: 'start', input: { ...nails, units: 5 } }],
      'sends stock.reserve with {"sku":"nails","units":4}, but choreographed it is carried out with {"sku":"nails","units":5}',
    ],
    [
      'how the saga stands',
      [start],
      [start, refused('stock')],
      'orchestrated, the saga is RUNNING, but choreographed it is COMPENSATED',
    ],
    [
      'why it failed',
      [start, refused('stock')],
      [start, refused('stock', 'SOLD_OUT')],
      'orchestrated, its failure is {"step":"stock","code":"GONE","message":"GONE"}, but choreographed',
    ],
    [
      'how a step stands',
      [start, done('stock'), done('spare')],
      [start, done('stock'), done('wrapping')],
      'orchestrated, step "spare" is SUCCEEDED, but choreographed it is EXECUTING',
    ],
  ])('are found to differ: %s', (_, orchestrated, choreographed, difference) => {
    expect(differenceBetween(orchestrated, choreographed)).toContain(difference);
  });
});

describe('a specification', () => {
  const counting = () => {
    let units = 0;
    const payload = () => ({ sku: 'nails', units: ++units });
    return saga<object>('counting', { version: 1 })
      .step('stock', { action: ReserveStock, payload, compensation: ReleaseStock })
      .end();
  };

  it('is met in both coordinations, or says in what they differ', () => {
    expect(() => given(counting()).starts({})).toThrow(
      /^The coordinations differ: an orchestrator sends stock.reserve with .*, but choreographed it is carried out with/,
    );
    given(counting(), { coordination: 'orchestration' }).starts({}).expect(ReserveStock);
  });

  it('can be of a choreography alone', () => {
    const ordered = given(order, { coordination: 'choreography' }).starts(nails);
    const sideBySide = () =>
      given(order, { coordination: 'choreography' })
        .starts(nails)
        .expect(ReserveStock, nails)
        .reply(reserved)
        .expect(ReserveStock)
        .and(ReserveWrapping);
    expect(ordered.history).toEqual(['SagaStarted', 'StepStarted stock']);
    sideBySide()
      .timeOut()
      .reply(reserved)
      .to(ReserveStock)
      .reply(reserved)
      .expect(Charge, { cents: 1_000 })
      .timeOut()
      .expect(Charge, {}, { attempt: 2 })
      .reply({ receipt: 'p-1' })
      .expect(Dispatch, { reservation: 's-1' })
      .reply({ tracking: 't-1' })
      .expectEnd('COMPLETED');
    sideBySide()
      .cancel()
      .expectCompensation(ReleaseWrapping)
      .reply()
      .expectCompensation(ReleaseStock, { step: 'spare' })
      .late(ReserveWrapping)
      .reply(reserved)
      .expectNothing()
      .expectStatus('COMPENSATING');
  });

  it('can not be of a choreography where only an orchestrator will do', () => {
    expect(() => given(delivery, { coordination: 'choreography' })).toThrow(
      /^Saga delivery can't be choreographed: its step "packing" is a child saga/,
    );
    given(packing, { coordination: 'choreography' }).startsAsChild(nails).expect(ReserveStock);
  });
});
