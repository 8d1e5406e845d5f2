import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { commandMessage } from '@clew/envelope';
import type { Delivery } from '@clew/broker';
import { childSagaId, childWorkReader } from './child-work.js';
import { saga } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';

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
const read = childWorkReader(new DefinitionRegistry([order]));
const parentId = randomUUID();

function delivery(direction: 'action' | 'compensation', sentHoursAgo: number): Delivery {
  const command = {
    commandId: `${parentId}/child/${direction}/0`,
    sagaId: parentId,
    saga: 'trip',
    step: 'child',
    direction,
    epoch: 0,
    attempt: 1,
    ...(direction === 'compensation' && { undoes: 0 }),
    type: direction === 'action' ? 'saga.start' : 'saga.undo',
    replyTo: 'orchestrator.replies',
    payload: { saga: 'order', version: 1, input: {} },
  };
  const { payload, ...message } = commandMessage(command, 'orchestrator.commands');
  const timestamp = Math.floor(Date.now() / 1_000) - sentHoursAgo * 3_600;
  return { ...message, timestamp, content: Buffer.from(payload) } as unknown as Delivery;
}

describe('a command about a child saga', () => {
  const child = childSagaId(parentId, 'child', 0);

  it('starts the child if it is young', () => {
    expect(read(delivery('action', 23))).toMatchObject({ sagaId: child, input: { type: 'start' } });
  });

  it('does not start it if it is so old that parent and child may be deleted', () => {
    expect(() => read(delivery('action', 25))).toThrow('sent more than a day ago');
  });

  it('undoes the child however old it is', () => {
    expect(read(delivery('compensation', 8_760))).toMatchObject({ sagaId: child, input: { type: 'undo' } });
  });
});
