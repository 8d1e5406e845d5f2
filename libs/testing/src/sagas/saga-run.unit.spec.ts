import { describe, expect, it } from '@jest/globals';
import { saga } from '@clew/saga/core';
import { given } from './given.js';
import { ReleaseStock, ReserveStock } from './order-sagas.fixture.js';

describe("a definition's own code", () => {
  interface Today {
    day: Date;
  }
  const takesFrom = (payload: (view: { input: Today }) => ReserveStock) =>
    saga<Today>('calendar', { version: 1 })
      .step('stock', { action: ReserveStock, payload, compensation: ReleaseStock })
      .end();
  const today = { day: new Date(Date.UTC(2027, 4, 1)) };

  it('sees its input as it comes back from the database', () => {
    given(takesFrom(({ input }) => ({ sku: input.day.toISOString(), units: 1 })))
      .starts(today)
      .expectStep('stock', 'STUCK', {
        reason: { kind: 'bug', message: 'input.day.toISOString is not a function' },
      });
    given(takesFrom(({ input }) => ({ sku: String(input.day), units: 1 })))
      .starts(today)
      .expect(ReserveStock, { sku: '2027-05-01T00:00:00.000Z' });
  });

  it('can not change what it is given', () => {
    given(takesFrom(({ input }) => ({ sku: String((input.day = new Date(0))), units: 1 })))
      .starts(today)
      .expectStep('stock', 'STUCK', { reason: { kind: 'bug' } });
  });

  it('must give the same payload each time', () => {
    let units = 0;
    const impure = takesFrom(() => ({ sku: 'nails', units: ++units }));
    const counting = given(impure, { coordination: 'orchestration' }).starts(today).expect(ReserveStock);
    expect(() => counting.timeOut()).toThrow(
      /^Step "stock" was asked again with \{"sku":"nails","units":\d\}, but with \{"sku":"nails","units":2\} before: its payload must be pure/,
    );
  });
});
