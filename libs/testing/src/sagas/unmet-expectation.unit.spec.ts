import { describe, expect, it } from '@jest/globals';
import { saga, type SagaDefinition } from '@clew/saga/core';
import { given } from './given.js';
import {
  Charge,
  delivery,
  order,
  packing,
  ReleaseStock,
  ReserveStock,
  ReserveWrapping,
  type Order,
} from './order-sagas.fixture.js';
import { UnmetExpectation } from './unmet-expectation.js';

const nails = { sku: 'nails', units: 4 };
const reserved = { reservationId: 's-1' };

const ordered = () => given(order).starts(nails);
const inStock = () => ordered().expect(ReserveStock, nails).reply(reserved);
const sideBySide = () => inStock().expect(ReserveStock).and(ReserveWrapping);
const charging = () =>
  sideBySide().reply(reserved).to(ReserveStock).reply(reserved).expect(Charge, { cents: 1_000 });
const refusedWrapping = () => sideBySide().reject('NO_PAPER', 'No paper left');
const delivering = () => given(delivery).starts(nails).acquires('sku:nails');
const packed = () =>
  given(packing).startsAsChild(nails).expect(ReserveStock).reply(reserved).expectEnd('COMPLETED');

const shelf = {
  action: ReserveStock,
  payload: ({ input }: { input: Order }) => input,
  compensation: ReleaseStock,
};
const twins = saga<Order>('twins', { version: 1 }).parallel({ left: shelf, right: shelf }).end();

/** What a specification that doesn't hold throws. */
function errorOf(specification: () => unknown): UnmetExpectation {
  try {
    specification();
  } catch (error) {
    expect(error).toBeInstanceOf(UnmetExpectation);
    return error as UnmetExpectation;
  }
  throw new Error('The specification holds');
}

const complaintOf = (specification: () => unknown) => errorOf(specification).message;

describe('an expectation that is not met says', () => {
  it('what was expected, what was sent, what is waited for, how all stands and what led there', () => {
    expect(complaintOf(() => sideBySide().to(ReserveWrapping).expect(Charge))).toBe(
      [
        'Expected Charge (payments.charge) to be sent, but it was not',
        '  Sent and not yet expected: nothing',
        '  Awaited: stock.reserve (step "spare", attempt 1), wrapping.reserve (step "wrapping", attempt 1)',
        '  After 0 ms the saga is RUNNING: stock SUCCEEDED, spare EXECUTING, wrapping EXECUTING, payment PENDING, courier PENDING',
        '  History:',
        '    SagaStarted',
        '    StepStarted stock',
        '    StepSucceeded stock',
        '    StepStarted spare',
        '    StepStarted wrapping',
      ].join('\n'),
    );
    expect(complaintOf(() => inStock().expect(Charge))).toContain(
      'Sent and not yet expected: stock.reserve (step "spare", attempt 1) {"sku":"nails","units":4}, wrapping.reserve (step "wrapping", attempt 1) {}',
    );
  });

  it.each([
    ['sent', () => ordered().expect(Charge)],
    ['happens', () => ordered().cancel()],
    ['is said', () => inStock().expectNothing()],
  ])('where that was written, not where the kit found out: %s', (_, specification) => {
    const frames = errorOf(specification)
      .stack?.split('\n')
      .filter((line) => /^ +at /.test(line));
    expect(frames?.[0]).toContain('unmet-expectation.unit.spec.ts');
  });

  it('only the end of a long history', () => {
    const lines = complaintOf(() => charging().staysSilent()).split('\n');
    expect(lines).toContain('    … 968 before');
    expect(lines.at(-1)).toBe('    CommandRepeated payment action 1001');
    expect(lines.length).toBeLessThan(50);
  });

  it.each<[string, () => unknown, string]>([
    [
      'in what a payload differs',
      () => ordered().expect(ReserveStock, { units: 5 }),
      'Expected ReserveStock (stock.reserve) to be sent as described, but payload.units is 4, not 5',
    ],
    [
      'that a predicate does not agree',
      () => ordered().expect(ReserveStock, ({ units }) => units > 4),
      'but its payload {"sku":"nails","units":4} isn\'t',
    ],
    [
      'that a command was expected before',
      () => ordered().expect(ReserveStock).expect(ReserveStock),
      'Expected ReserveStock (stock.reserve) to be sent, but it was not',
    ],
    [
      'that it is another attempt',
      () => ordered().expect(ReserveStock, nails, { attempt: 2 }),
      'Expected ReserveStock (stock.reserve) at attempt 2 to be sent, but it was not',
    ],
    [
      'that it belongs to another step, under another epoch',
      () => ordered().expect(ReserveStock, nails, { step: 'spare', epoch: 1 }),
      'Expected ReserveStock (stock.reserve) of step "spare" under epoch 1 to be sent, but it was not',
    ],
    [
      'that an action is no compensation',
      () => ordered().expectCompensation(ReserveStock),
      'Expected ReserveStock (stock.reserve) as a compensation to be sent, but it was not',
    ],
    [
      'that a compensation is no action',
      () => refusedWrapping().expect(ReleaseStock),
      'Expected ReleaseStock (stock.release) to be sent, but it was not',
    ],
    [
      'that another command was sent, which nobody expected',
      () => inStock().expect(ReserveStock).to(ReserveStock).reply(reserved),
      'Nobody expected wrapping.reserve (step "wrapping", attempt 1), which was sent before stock.reserve is answered',
    ],
    [
      'that a command is not waited for',
      () => inStock().to(Charge),
      'Expected Charge (payments.charge) to be awaited, but it is not',
    ],
    [
      'that a command that is waited for is not late',
      () => ordered().expect(ReserveStock).late(ReserveStock),
      'Expected ReserveStock (stock.reserve) to be sent and over, but it is not',
    ],
    [
      'that something was sent after all',
      () => inStock().expectNothing(),
      'Expected nothing to be sent, but stock.reserve (step "spare", attempt 1), wrapping.reserve (step "wrapping", attempt 1) was',
    ],
    [
      'that a command was sent once more',
      () => ordered().expect(ReserveStock).after(10_000).expectNothing(),
      'Expected nothing to be sent, but stock.reserve (step "stock", attempt 2) was',
    ],
    [
      'in what status the saga is',
      () => sideBySide().expectStatus('STUCK'),
      'Expected the saga to be STUCK, but it is RUNNING',
    ],
    [
      'that it has not ended',
      () => sideBySide().expectEnd('COMPLETED'),
      'Expected the saga to be COMPLETED, but it is RUNNING',
    ],
    [
      'that it has ended for another reason',
      () =>
        ordered()
          .expect(ReserveStock)
          .reject('GONE')
          .expectEnd('COMPENSATED', { failure: { code: 'SOLD_OUT' } }),
      'Expected the saga to end for another reason: its failure.code is "GONE", not "SOLD_OUT"',
    ],
    [
      'in what status a step is',
      () => inStock().expectStep('stock', 'PENDING'),
      'Expected step "stock" to be PENDING, but step "stock".status is "SUCCEEDED", not "PENDING"',
    ],
    [
      'in what else a step differs',
      () => inStock().expectStep('stock', 'SUCCEEDED', { action: { attempt: 2 } }),
      'but step "stock".action.attempt is 1, not 2',
    ],
    [
      'that there is no such step',
      () =>
        given(order as SagaDefinition)
          .starts(nails)
          .expectStep('submarine', 'PENDING'),
      'Saga order has no step "submarine"',
    ],
    [
      'that an operation is refused, and why',
      () => sideBySide().operator({ action: 'retry', step: 'stock' }),
      'Expected "retry" to be accepted, but it is unchanged: Step "stock" is SUCCEEDED',
    ],
    [
      'that an operation is not refused',
      () => sideBySide().refuses({ action: 'cancel' }, /too late/),
      'Expected "cancel" to be refused for /too late/, but it is accepted: nothing speaks against it',
    ],
    [
      'that an operation is refused for another reason',
      () => sideBySide().refuses({ action: 'skip', step: 'spare' }, /too late/),
      'Expected "skip" to be refused for /too late/, but it is refused: Step "spare" is EXECUTING: only',
    ],
    [
      'that an operation would change something',
      () => sideBySide().leavesUnchanged({ action: 'cancel' }, /already/),
      'Expected "cancel" to be unchanged for /already/, but it is accepted',
    ],
    [
      'that a pivot is asked for ever',
      () => charging().staysSilent(),
      'is asked for ever: its silence has no end',
    ],
    [
      'which commands may be meant when there are several',
      () => given(twins).starts(nails).expect(ReserveStock),
      'Expected ReserveStock (stock.reserve) to be sent, but there are several: say which step is meant. stock.reserve (step "left", attempt 1), stock.reserve (step "right", attempt 1)',
    ],
    [
      'that nobody expected what was sent before time passed',
      () => ordered().after(100_000),
      'Nobody expected stock.reserve (step "stock", attempt 1), which was sent before time passes',
    ],
    [
      'that nobody expected what was sent more than once while time passed',
      () => ordered().expect(ReserveStock).after(140_000).expectStatus('COMPENSATING'),
      'Nobody expected stock.release (step "stock", attempt 2), which was sent before the saga is COMPENSATING',
    ],
    [
      'that nobody expected what was sent before the status was looked at',
      () => ordered().expectStatus('RUNNING'),
      'Nobody expected stock.reserve (step "stock", attempt 1), which was sent before the saga is RUNNING',
    ],
    [
      'that nobody expected what was sent before an operator came',
      () => ordered().cancel(),
      'Nobody expected stock.reserve (step "stock", attempt 1), which was sent before "cancel"',
    ],
    [
      'that nobody waits for the answer any more',
      () =>
        ordered()
          .expect(ReserveStock)
          .timeOut()
          .after(200_000)
          .expectCompensation(ReleaseStock)
          .staysSilent()
          .reply(),
      'stock.release (step "stock", attempt 20) is answered when nobody waits for it any more: say late() first',
    ],
    [
      'that it waits for another lock',
      () => given(delivery).starts(nails).expectLockRequest('sku:bolts'),
      'Expected the saga to wait for the lock "sku:bolts", but it waits for "sku:nails"',
    ],
    [
      'that it waits for no lock',
      () => ordered().expectLockRequest('sku:nails'),
      'Expected the saga to wait for the lock "sku:nails", but it waits for none',
    ],
    [
      'that a lock was not asked for',
      () => given(delivery).starts(nails).acquires('sku:bolts'),
      'Expected the saga to wait for the lock "sku:bolts", but it does not',
    ],
    [
      'that a lock is not held',
      () => given(delivery).starts(nails).losesLock('sku:nails'),
      'Expected the saga to hold the lock "sku:nails", but it does not',
    ],
    [
      'that another child was asked to begin',
      () => delivering().expectChild({ ...packing, version: 3 }),
      'Expected child saga packing v3 to be sent, but it was not',
    ],
    [
      'in what the input of a child differs',
      () => delivering().expectChild(packing, { units: 5 }),
      'Expected child saga packing v2 to be sent as described, but payload.input.units is 4, not 5',
    ],
    [
      'that a child was not asked to turn back',
      () => delivering().expectChildUndone(packing),
      'Expected child saga packing v2 as a compensation to be sent, but it was not',
    ],
    [
      'that there is no parent to turn back',
      () => given(packing).starts(nails).expect(ReserveStock).parentTurnsBack(),
      'The saga has no parent: begin it with startsAsChild',
    ],
    [
      'what the parent was told instead',
      () => packed().expectAnswer({ kind: 'rejected' }),
      'Expected another answer to the parent: the answer.kind is "done", not "rejected"',
    ],
    [
      'that the parent was told nothing yet',
      () => given(packing).startsAsChild(nails).expectAnswer({ kind: 'done' }),
      'the answer is missing',
    ],
  ])('%s', (_, specification, complaint) => {
    expect(complaintOf(specification)).toContain(complaint);
  });
});
