import { describe, expect, it } from '@jest/globals';
import { saga, type SagaDefinition } from '@clew/saga';
import {
  ArrangeDelivery,
  AuthorisePayment,
  CapturePayment,
  RejectionCode,
  ReleaseStock,
  ReserveStock,
  UnwrapGift,
  VoidPayment,
  WrapGift,
} from '@clew/shop-contracts';
import { assertHolds, given, simulate, type OwnPromise } from '@clew/testing/sagas';
import type { Order } from '../orders/order.dto.js';
import { order } from './order.saga.js';

const plain: Order = {
  customerId: 'ada',
  items: [{ sku: 'TEAPOT', quantity: 2 }],
  address: '12 St James’s Square, London',
};
const gift: Order = { ...plain, giftWrap: { message: 'Happy birthday!' } };

const held = { holdId: 'h-1', totalCents: 4_980 };
const wrapped = { giftWrapId: 'w-1' };
const authorised = { paymentId: 'p-1' };
const captured = { amountCents: 4_980 };
const MINUTE = 60_000;

const begun = (input: Order) =>
  given(order).starts(input).expectLockRequest('credit:ada').acquires('credit:ada');
const paying = () =>
  begun(plain)
    .expect(ReserveStock, { items: plain.items })
    .reply(held)
    .expect(AuthorisePayment, { customerId: 'ada', amountCents: 4_980 });
const wrapping = () => begun(gift).expect(ReserveStock).reply(held).expect(WrapGift, gift.giftWrap);
const capturing = () => paying().reply(authorised).expect(CapturePayment);
const delivering = () => capturing().reply(captured).expect(ArrangeDelivery, { address: plain.address });

describe('an order that works', () => {
  it('holds the goods, pays what stock says they cost, and is delivered; nothing is wrapped unasked', () => {
    delivering().reply({ deliveryId: 'd-1' }).expectEnd('COMPLETED').expectStep('gift-wrap', 'SKIPPED');
  });

  it('is wrapped when that is wished for, before the money is asked for', () => {
    wrapping()
      .reply(wrapped)
      .expect(AuthorisePayment, { amountCents: 4_980 })
      .reply(authorised)
      .expect(CapturePayment)
      .reply(captured)
      .expect(ArrangeDelivery)
      .reply({ deliveryId: 'd-1' })
      .expectEnd('COMPLETED')
      .expectStep('gift-wrap', 'SUCCEEDED');
  });

  it('asks for nothing before its turn with the credit of the customer has come', () => {
    given(order)
      .starts(plain)
      .expectLockRequest('credit:ada')
      .expectNothing()
      .expectStep('stock', 'PENDING')
      .cancel()
      .expectEnd('COMPENSATED', { failure: { code: 'CANCELLED' } });
  });
});

describe('an order that is refused', () => {
  it('ends at once when the goods are out of stock', () => {
    begun(plain)
      .expect(ReserveStock)
      .reject(RejectionCode.OUT_OF_STOCK)
      .expectEnd('COMPENSATED', { failure: { step: 'stock', code: 'OUT_OF_STOCK' } });
  });

  it('gives the goods back when there is no paper', () => {
    wrapping()
      .reject(RejectionCode.NO_WRAPPING_PAPER)
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'gift-wrap' } });
  });

  it('gives the goods back when the card is declined, and unwraps nothing that was not wrapped', () => {
    paying()
      .reject(RejectionCode.CARD_DECLINED)
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'payment', code: 'CARD_DECLINED' } })
      .expectStep('gift-wrap', 'SKIPPED');
  });

  it('undoes everything, in reverse order, when the capture is refused', () => {
    wrapping()
      .reply(wrapped)
      .expect(AuthorisePayment)
      .reply(authorised)
      .expect(CapturePayment)
      .reject(RejectionCode.CAPTURE_REFUSED)
      .expectCompensation(VoidPayment)
      .reply()
      .expectCompensation(UnwrapGift)
      .reply()
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'capture', code: 'CAPTURE_REFUSED' } });
  });
});

describe('an order of which somebody is silent', () => {
  it('turns back when the payment is in doubt, and voids what may have been authorised', () => {
    paying()
      .staysSilent()
      .expectCompensation(VoidPayment)
      .reply()
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'payment', code: 'STEP_TIMED_OUT' } });
  });

  it('asks for the capture until it is answered, far beyond its own deadline, and never turns back', () => {
    const silent = capturing();
    expect(() => silent.staysSilent()).toThrow(/asked for ever/);
    capturing()
      .after(60 * MINUTE)
      .expectStatus('RUNNING')
      .expectStep('payment', 'SUCCEEDED')
      .to(CapturePayment)
      .reply(captured)
      .expect(ArrangeDelivery);
  });

  it('waits for a delivery for as long as it takes', () => {
    delivering()
      .after(24 * 60 * MINUTE)
      .expectStatus('RUNNING')
      .expectStep('delivery', 'EXECUTING');
  });

  it('turns back when it has not got as far as the capture in a quarter of an hour', () => {
    given(order)
      .starts(plain)
      .expectLockRequest('credit:ada')
      .after(15 * MINUTE)
      .expectEnd('COMPENSATED', { failure: { code: 'SAGA_TIMED_OUT' } });
  });
});

describe('an order that is cancelled', () => {
  it('is undone before the capture is asked for', () => {
    paying()
      .cancel()
      .expectCompensation(VoidPayment)
      .reply()
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { code: 'CANCELLED' } });
  });

  it('refuses from then on', () => {
    capturing().refuses({ action: 'cancel' }, /may have been done/);
    delivering().refuses({ action: 'cancel' }, /only go forward/);
  });
});

describe('an order whose delivery is refused', () => {
  it('is STUCK until somebody has seen to it, and never undone', () => {
    delivering()
      .reject('NO_SUCH_STREET')
      .expectStatus('STUCK')
      .refuses({ action: 'compensate' }, /only go forward/)
      .operator({ action: 'retry', step: 'delivery' })
      .expect(ArrangeDelivery, {}, { epoch: 1 })
      .reply({ deliveryId: 'd-1' })
      .expectEnd('COMPLETED');
  });
});

/** Whatever times out, and whoever interferes: from the capture on nothing is undone. */
const capturedStaysCaptured: OwnPromise = ({ effects }) => {
  const isCaptured = effects.some(({ step, direction }) => step === 'capture' && direction === 'action');
  const undone = effects.find(({ direction }) => direction === 'compensation');
  return isCaptured && undone ? `"${undone.step}" was undone although the payment was captured` : undefined;
};

describe('an order in random trouble', () => {
  const trouble = (definition: SagaDefinition) => ({
    definition,
    inputs: [plain, gift, { ...plain, customerId: 'grace' }],
    results: { stock: held },
    promises: { 'a captured payment stays captured': capturedStaysCaptured },
  });

  it('keeps every promise of a saga, and never takes a captured payment back', () => {
    const { coverage } = assertHolds(simulate({ ...trouble(order), schedules: 600 }));
    expect(coverage.completed).toBeGreaterThan(10);
    expect(coverage.compensated).toBeGreaterThan(50);
    expect(coverage.stepsSkippedByCondition).toBeGreaterThan(50);
    expect(coverage.leftInDoubtBySilence).toBeGreaterThan(0);
    expect(coverage.timedOutAsAWhole).toBeGreaterThan(0);
    expect(coverage.locksWaitedFor).toBeGreaterThan(0);
    expect(coverage.bugsParked).toBe(0);
  });

  it('would, if the capture were a step like any other', () => {
    const careless = saga<Order>('careless', { version: 1 })
      .step('payment', {
        action: AuthorisePayment,
        payload: ({ input }) => ({ customerId: input.customerId, amountCents: 1 }),
        compensation: VoidPayment,
      })
      .step('capture', { action: CapturePayment, payload: () => ({}), compensation: VoidPayment })
      .end();
    const { violation } = simulate({ ...trouble(careless), seed: 1, schedules: 200 });
    expect(violation).toMatchObject({ property: 'a captured payment stays captured' });
  });
});
