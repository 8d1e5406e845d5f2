import { describe, expect, it } from '@jest/globals';
import type { Broker } from '@clew/broker';
import type { SqlDatabase } from '@clew/outbox';
import { saga, type SagaDefinition } from './core/index.js';
import { SagaOwner } from './saga-owner.js';

class Done {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Done;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Done;
}
const step = { action: Book, payload: () => ({}), compensation: Unbook };
const logger = { log: () => undefined, warn: () => undefined, error: () => undefined };

/** What is refused is refused before anything is touched. */
const own = (name: string, definition: SagaDefinition) =>
  new SagaOwner({ name, broker: {} as Broker, database: {} as SqlDatabase }, [definition], logger);

describe('the owner of a saga', () => {
  it('is the participant of its first step, and no other', () => {
    const order = saga('order', { version: 1 }).step('first', step).end();
    expect(() => own('cars', order)).toThrow(
      'Saga order v1 is owned by shop, whose step comes first, not by cars.',
    );
  });

  it('owns none that only an orchestrator can run', () => {
    const locked = saga<object>('locked', { version: 1, lock: () => 'key' })
      .step('first', step)
      .end();
    expect(() => own('shop', locked)).toThrow("Saga locked v1 can't be choreographed: it takes locks");
  });
});
