import { describe, expect, it } from '@jest/globals';
import {
  BookCollection,
  CancelCollection,
  RefundPayment,
  RejectionCode,
  RestockGoods,
} from '@clew/shop-contracts';
import { assertHolds, given, simulate } from '@clew/testing/sagas';
import { orderReturn, type OrderReturn } from './order-return.saga.js';

const returned: OrderReturn = {
  orderId: '0192f0c1-2b3c-7d4e-8f90-123456789abc',
  address: '12 St James’s Square, London',
};
const { orderId } = returned;

const begun = () => given(orderReturn).starts(returned).expect(BookCollection, returned);
const refunding = () => begun().reply({ collectionId: 'c-1' }).expect(RefundPayment, { orderId });

describe('the return of an order', () => {
  it('has the goods fetched, the money given back and the goods put back', () => {
    refunding()
      .reply({ amountCents: 4_980 })
      .expect(RestockGoods, { orderId })
      .reply({ pieces: 2 })
      .expectEnd('COMPLETED');
  });

  it('calls the collection off when there is nothing to refund', () => {
    refunding()
      .reject(RejectionCode.NOTHING_TO_REFUND)
      .expectCompensation(CancelCollection)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'refund', code: 'NOTHING_TO_REFUND' } });
  });

  it('calls the collection off that may have been booked when the carrier stays silent', () => {
    begun()
      .staysSilent()
      .expectCompensation(CancelCollection)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'collection', code: 'STEP_TIMED_OUT' } });
  });

  it('asks for the refund until it is answered', () => {
    refunding()
      .after(3_600_000)
      .expectStatus('RUNNING')
      .refuses({ action: 'cancel' }, /may have been done/)
      .to(RefundPayment)
      .reply({ amountCents: 4_980 })
      .expect(RestockGoods)
      .refuses({ action: 'cancel' }, /only go forward/);
  });

  it('keeps every promise of a saga in random trouble', () => {
    const { coverage } = assertHolds(
      simulate({ definition: orderReturn, inputs: [returned], schedules: 300 }),
    );
    expect(coverage.completed).toBeGreaterThan(0);
    expect(coverage.compensated).toBeGreaterThan(0);
  });
});
