import { describe, expect, it } from '@jest/globals';
import { ArrangeDelivery, RejectionCode, ReleaseStock, ReserveStock } from '@clew/shop-contracts';
import { assertHolds, given, simulate } from '@clew/testing/sagas';
import { orderExchange, type OrderExchange } from './order-exchange.saga.js';
import { orderReturn } from './order-return.saga.js';

const { orderId, address, items }: OrderExchange = {
  orderId: '0192f0c1-2b3c-7d4e-8f90-123456789abc',
  address: '12 St James’s Square, London',
  items: [{ sku: 'BOOK-1', quantity: 1 }],
};
const exchange = { orderId, address, items };
const childResults = {
  collection: { collectionId: 'c-1' },
  refund: { amountCents: 4_980 },
  restock: { pieces: 2 },
};

const returning = () =>
  given(orderExchange)
    .starts(exchange)
    .expect(ReserveStock, { items })
    .reply({ holdId: 'h-2', totalCents: 1_010 })
    .expectChild(orderReturn, { orderId, address });

describe('an exchange', () => {
  it('holds the replacement, has the old order returned by a saga of its own, and delivers', () => {
    returning()
      .completes(childResults)
      .expect(ArrangeDelivery, { address })
      .reply({ deliveryId: 'd-2' })
      .expectEnd('COMPLETED');
  });

  it('returns nothing when the replacement is out of stock', () => {
    given(orderExchange)
      .starts(exchange)
      .expect(ReserveStock)
      .reject(RejectionCode.OUT_OF_STOCK)
      .expectEnd('COMPENSATED', { failure: { step: 'replacement' } })
      .expectStep('return', 'PENDING');
  });

  it('gives the replacement back when the return is refused, for the reason that it was refused for', () => {
    returning()
      .isRefused(RejectionCode.NOTHING_TO_REFUND)
      .expectCompensation(ReleaseStock)
      .reply()
      .expectEnd('COMPENSATED', { failure: { step: 'return', code: 'NOTHING_TO_REFUND' } });
  });

  it('waits for the return, however long that takes: it can not be undone', () => {
    returning()
      .refuses({ action: 'cancel' }, /may have been done/)
      .after(24 * 3_600_000)
      .expectStatus('RUNNING')
      .expectStep('replacement', 'SUCCEEDED');
  });

  it('keeps every promise of a saga in random trouble, parent and child', () => {
    const { coverage } = assertHolds(
      simulate({ definition: orderExchange, inputs: [exchange], schedules: 400 }),
    );
    expect(coverage.childrenStarted).toBeGreaterThan(100);
    expect(coverage.completed).toBeGreaterThan(0);
    expect(coverage.compensated).toBeGreaterThan(0);
    expect(coverage.childrenUndone).toBe(0);
  });
});
