import { describe, expect, it } from '@jest/globals';
import type { MessageProperties } from 'amqplib';
import { deadLetterOf } from './dead-letter.js';
import type { RabbitDelivery } from './delivery.js';

const properties = {
  contentType: 'text/plain',
  correlationId: 'saga-1',
  messageId: 'm-1',
  type: 'flights.reserve',
  replyTo: 'orchestrator.replies',
  timestamp: 1_700_000_000,
  expiration: '60000',
  userId: 'guest',
} as unknown as MessageProperties;

function delivery(headers: Record<string, unknown> = {}, sender?: string): RabbitDelivery {
  return {
    content: Buffer.from([0xff, 0x00, 0xfe]),
    messageId: 'm-1',
    headers,
    ...(sender !== undefined && { sender }),
    redelivered: false,
    queue: 'flights.commands',
    origin: { subscription: 1, tag: 1, routingKey: 'flights.commands', properties },
  };
}

describe('the copy of a parked delivery', () => {
  it('keeps bytes, ids, type and headers and says why it is there', () => {
    const original = delivery({ step: 'flight', attempt: 2 });
    const copy = deadLetterOf(original, 'no handler', new Date('2027-05-01T12:00:00.250Z'));
    expect(copy.content).toBe(original.content);
    expect(copy.destination).toBe('flights.commands');
    expect(copy.options).toMatchObject({
      messageId: 'm-1',
      correlationId: 'saga-1',
      type: 'flights.reserve',
      replyTo: 'orchestrator.replies',
      contentType: 'text/plain',
      timestamp: 1_700_000_000,
      persistent: true,
      mandatory: true,
      headers: {
        step: 'flight',
        attempt: 2,
        'x-clew-reason': 'no handler',
        'x-clew-routing-key': 'flights.commands',
        'x-clew-parked-at': '2027-05-01T12:00:00.250Z',
      },
    });
  });

  it('drops what would make the broker lose it, refuse it or send it elsewhere', () => {
    const { options } = deadLetterOf(delivery({ CC: ['a'], BCC: ['b'], 'x-delivery-count': 0 }), 'why');
    expect(Object.keys(options.headers)).toEqual([
      'x-clew-reason',
      'x-clew-routing-key',
      'x-clew-parked-at',
      'x-clew-sender',
    ]);
    expect(options.expiration).toBeUndefined();
    expect(options.userId).toBeUndefined();
  });

  it('tells how often the message had come back to its queue', () => {
    const { options } = deadLetterOf(delivery({ 'x-delivery-count': 7 }), 'why');
    expect(options.headers).not.toHaveProperty('x-delivery-count');
    expect(options.headers).toMatchObject({ 'x-clew-returns': 7 });
  });

  it('tells who has sent the message, whatever that says itself', () => {
    const lie = { 'x-clew-sender': 'hotels' };
    expect(deadLetterOf(delivery(lie, 'cars'), 'why').options.headers).toMatchObject({
      'x-clew-sender': 'cars',
    });
    expect(deadLetterOf(delivery(lie), 'why').options.headers).toMatchObject({ 'x-clew-sender': '' });
  });

  it('cuts a reason that has no end', () => {
    const { options } = deadLetterOf(delivery(), 'x'.repeat(100_000));
    expect(options.headers['x-clew-reason']).toHaveLength(2_000);
  });
});
