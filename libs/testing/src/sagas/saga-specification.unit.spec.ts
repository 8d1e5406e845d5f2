import { describe, expect, it } from '@jest/globals';
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

const nails = { sku: 'nails', units: 4 };
const reserved = { reservationId: 's-1' };
const wrapped = { reservationId: 'w-1' };

const ordered = () => given(order).starts(nails);
const inStock = () => ordered().expect(ReserveStock, nails).reply(reserved);
const sideBySide = () => inStock().expect(ReserveStock).and(ReserveWrapping);
const charging = () =>
  sideBySide().reply(wrapped).to(ReserveStock).reply(reserved).expect(Charge, { cents: 1_000 });
const refusedWrapping = () => sideBySide().reject('NO_PAPER', 'No paper left');

describe('the specification of a saga', () => {
  it('follows a saga to its end', () => {
    charging()
      .reply({ receipt: 'p-1' })
      .expect(Dispatch, ({ reservation }) => reservation === 's-1')
      .reply({ tracking: 't-1' })
      .expectEnd('COMPLETED');
  });

  it('follows it back', () => {
    refusedWrapping()
      .expectStep('spare', 'COMPENSATING')
      .expectCompensation(ReleaseStock, { step: 'spare' })
      .reply()
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', {
        failure: { step: 'wrapping', code: 'NO_PAPER', message: 'No paper left' },
      });
  });

  it('shows what has happened so far', () => {
    expect(inStock().history).toEqual([
      'SagaStarted',
      'StepStarted stock',
      'StepSucceeded stock',
      'StepStarted spare',
      'StepStarted wrapping',
    ]);
  });

  it('is typed by the definition and by its commands', () => {
    // Checked by `tsc`: a directive below is itself an error when the line after it compiles.
    const refused = () => {
      // @ts-expect-error the saga has another input
      given(order).starts({ sku: 'nails' });
      // @ts-expect-error no command has been spoken of
      ordered().reply();
      // @ts-expect-error the payload has no such field
      ordered().expect(ReserveStock, { colour: 'red' });
      // @ts-expect-error a predicate sees the payload of the command
      ordered().expect(ReserveStock, ({ colour }) => colour === 'red');
      // @ts-expect-error the reply has a field
      ordered().expect(ReserveStock).reply();
      // @ts-expect-error the reply has another field
      ordered().expect(ReserveStock).reply({ receipt: 'p-1' });
      // @ts-expect-error a command is answered once
      ordered().expect(ReserveStock).reply(reserved).reply(reserved);
      // @ts-expect-error the saga has no such step
      ordered().expectStep('submarine', 'PENDING');
      // @ts-expect-error the saga has no such step
      ordered().operator({ action: 'retry', step: 'submarine' });
      // @ts-expect-error a saga doesn't end like that
      ordered().expectEnd('RUNNING');
      // @ts-expect-error a child answers with the results of its own steps
      given(delivery).starts(nails).acquires('sku:nails').expectChild(packing).completes({ shelf: {} });
    };
    expect(refused).toBeInstanceOf(Function);
  });
});

describe('time in a specification', () => {
  it('passes only when it is said to, and a silent command is asked again at its deadline', () => {
    ordered()
      .expect(ReserveStock)
      .after(9_999)
      .expectNothing()
      .after(1)
      .expect(ReserveStock, nails, { attempt: 2 })
      .after(19_999)
      .expectNothing()
      .after(1)
      .expect(ReserveStock, nails, { attempt: 3 });
  });

  it('passes to the deadline of a command that times out; what is asked again need not be expected', () => {
    ordered()
      .expect(ReserveStock)
      .timeOut()
      .timeOut()
      .reply(reserved)
      .expectStep('stock', 'SUCCEEDED', { action: { attempt: 3 } })
      .expect(ReserveStock)
      .and(ReserveWrapping)
      .expectNothing();
  });

  it('passes to the last attempt of a command that stays silent, by the policies that are given', () => {
    const lost = given(order, { policies: { action: { attempts: 2 } } })
      .starts(nails)
      .expect(ReserveStock)
      .staysSilent()
      .expectCompensation(ReleaseStock);
    expect(lost.history).toEqual([
      'SagaStarted',
      'StepStarted stock',
      'CommandRepeated stock action 2',
      'StepLeftInDoubt stock (silence)',
      'CompensationBegan (stock STEP_TIMED_OUT)',
      'StepCompensationStarted stock',
    ]);
  });

  it('runs out first for the command that is spoken of', () => {
    const spare = sideBySide().to(ReserveStock).staysSilent();
    expect(spare.history).toContain('CompensationBegan (spare STEP_TIMED_OUT)');
    const wrapping = sideBySide().to(ReserveWrapping).staysSilent();
    expect(wrapping.history).toContain('CompensationBegan (wrapping STEP_TIMED_OUT)');
  });

  it('runs out for a whole saga', () => {
    given(delivery)
      .starts(nails)
      .after(99_999)
      .expectStatus('RUNNING')
      .after(1)
      .expectEnd('COMPENSATED', { failure: { code: 'SAGA_TIMED_OUT' } });
  });

  it('lets deadlines fire in order, whichever was kept first', () => {
    const late = given(delivery).starts(nails).acquires('sku:nails').expectChild(packing).after(100_000);
    expect(late.history.slice(-6)).toEqual([
      'StepStarted packing',
      'CommandRepeated packing action 2',
      'CommandRepeated packing action 3',
      'CompensationBegan (SAGA_TIMED_OUT)',
      'StepLeftInDoubt packing (abandoned)',
      'StepCompensationStarted packing',
    ]);
  });

  it('brings what is new to be expected, even if it was sent more than once meanwhile', () => {
    ordered()
      .expect(ReserveStock)
      .after(10_000 + 20_000 + 40_000 + 60_000 + 10_000)
      .expectCompensation(ReleaseStock, { attempt: 2 })
      .reply()
      .expectEnd('COMPENSATED');
  });
});

describe('an answer that comes late', () => {
  it('changes nothing about a command that was answered before, or given up', () => {
    refusedWrapping()
      .expectCompensation(ReleaseStock)
      .late(ReserveStock, { step: 'spare' })
      .reply(reserved)
      .late(ReserveWrapping)
      .reply(wrapped)
      .late(ReserveStock, { step: 'stock' })
      .reject('GONE')
      .expectNothing()
      .expectStep('wrapping', 'REJECTED')
      .to(ReleaseStock)
      .reply()
      .expectCompensation(ReleaseStock, { step: 'stock' });
  });

  it('ends the parking of an undo', () => {
    ordered()
      .expect(ReserveStock)
      .staysSilent()
      .expectCompensation(ReleaseStock)
      .staysSilent()
      .expectStatus('STUCK')
      .late(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED');
  });
});

describe('people in a specification', () => {
  const stuck = () =>
    charging().reply({ receipt: 'p-1' }).expect(Dispatch).reject('NO_COURIER').expectStatus('STUCK');

  it('retry, skip and mark done', () => {
    stuck()
      .operator({ action: 'retry', step: 'courier' })
      .expect(Dispatch, {}, { epoch: 1 })
      .reply({ tracking: 't-1' })
      .expectEnd('COMPLETED');
    stuck().operator({ action: 'skip', step: 'courier' }).expectEnd('COMPLETED');
    stuck()
      .operator({ action: 'mark-done', step: 'courier', result: { tracking: 'by-phone' } })
      .expectStep('courier', 'SUCCEEDED', { action: { result: { tracking: 'by-phone' } } })
      .expectEnd('COMPLETED');
  });

  it('cancel while it is not too late, once', () => {
    sideBySide()
      .cancel()
      .expectCompensation(ReleaseWrapping)
      .reply()
      .leavesUnchanged({ action: 'cancel' }, /turning back already/)
      .expectCompensation(ReleaseStock, { step: 'spare' })
      .reply()
      .expectCompensation(ReleaseStock, { step: 'stock' })
      .reply()
      .expectEnd('COMPENSATED', { failure: { code: 'CANCELLED' } });
    stuck().refuses({ action: 'cancel' }, /can't be undone: the saga can only go forward/);
  });
});

describe('locks in a specification', () => {
  it('are waited for, held and lost', () => {
    given(delivery)
      .starts(nails)
      .expectLockRequest('sku:nails')
      .expectNothing()
      .acquires('sku:nails')
      .expectChild(packing, { sku: 'nails' })
      .losesLock('sku:nails')
      .expectNothing();
  });
});

describe('child sagas in a specification', () => {
  const delivering = () => given(delivery).starts(nails).acquires('sku:nails').expectChild(packing, nails);

  it('complete with the results of their steps', () => {
    delivering()
      .completes({ shelf: reserved })
      .expectStep('packing', 'SUCCEEDED', { action: { result: { results: { shelf: reserved } } } })
      .expect(ReserveWrapping)
      .reply(wrapped)
      .expectEnd('COMPLETED');
  });

  it('are refused for a reason', () => {
    delivering()
      .isRefused('GONE', 'No nails left')
      .expectEnd('COMPENSATED', { failure: { step: 'packing', code: 'GONE', message: 'No nails left' } });
  });

  it('are asked again, and undone although they were done', () => {
    delivering()
      .timeOut()
      .completes({ shelf: reserved })
      .expect(ReserveWrapping)
      .reject('NO_PAPER')
      .expectChildUndone(packing)
      .timeOut()
      .isUndone()
      .expectEnd('COMPENSATED');
  });

  it('are specified on their own: what they tell the parent, and that they turn back for it', () => {
    given(packing)
      .startsAsChild(nails)
      .expect(ReserveStock)
      .reply(reserved)
      .expectEnd('COMPLETED')
      .expectAnswer({ kind: 'done', result: { results: { shelf: reserved } } })
      .parentTurnsBack()
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { code: 'PARENT_TURNED_BACK' } })
      .expectAnswer({ kind: 'done', result: {} });
  });

  it('take their locks after those of their parents, and not those once more', () => {
    given(delivery)
      .startsAsChild(nails, ['zinc'])
      .expectEnd('COMPENSATED', { failure: { code: 'LOCK_ORDER' } });
    given(delivery).startsAsChild(nails, ['sku:nails']).expectChild(packing, nails);
  });
});
