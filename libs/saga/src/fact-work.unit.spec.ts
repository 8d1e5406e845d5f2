import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import { factMessage } from '@clew/envelope';
import { saga, wordsOf, type Fact } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { factWorkReader } from './fact-work.js';

class Done {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Done;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Done;
}
const order = saga('order', { version: 1 })
  .step('first', { action: Book, payload: () => ({}), compensation: Unbook })
  .end();
const registry = new DefinitionRegistry([order], [order]);
const { hash } = registry.registrationOf(order);
const sagaId = '0192a000-0000-7000-8000-000000000000';
const started: Fact = { type: 'started', input: {}, results: {} };

function heard(fact: Fact, changes: object = {}, hoursAgo = 0) {
  const envelope = { ...wordsOf(sagaId, 'order', fact), sagaId, saga: 'order', version: 1, definition: hash };
  const { payload, ...message } = factMessage({ ...envelope, ...changes });
  const timestamp = Math.floor(Date.now() / 1_000) - hoursAgo * 3_600;
  const delivery: Delivery = {
    ...message,
    timestamp,
    content: Buffer.from(payload),
    queue: 'shop.sagas',
    origin: undefined,
  };
  return factWorkReader(registry)(delivery);
}

describe('a fact that its owner hears', () => {
  it('may begin the saga, as whoever speaks knows enough', () => {
    expect(heard(started)).toMatchObject({
      sagaId,
      begins: { definition: order, hash },
      input: { type: 'fact', fact: started },
      cause: { kind: 'fact', messageId: `${sagaId}/started` },
    });
  });

  it.each([
    ['an undo', heard({ type: 'compensated', step: 'first', epoch: 0, undone: ['first'], rest: [] })],
    ['a day late', heard(started, {}, 25)],
    ['of another version', heard(started, { version: 2 })],
    ['of other steps', heard(started, { definition: '0000' })],
  ])('begins nothing when it is %s', (_case, work) => {
    expect(work.begins).toBeUndefined();
    expect(work.sagaId).toBe(sagaId);
  });

  it('is refused when it is none', () => {
    expect(() => heard(started, { topic: 'order.sunk' })).toThrow("none of saga order's");
  });
});
