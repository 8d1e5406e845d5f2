import { describe, expect, it } from '@jest/globals';
import type { GetMessage, MessageProperties } from 'amqplib';
import { readDeadLetter, redrivenOptions } from './read-dead-letter.js';

const marks = {
  'x-clew-reason': 'No handler.',
  'x-clew-routing-key': 'trip-booking.flight.succeeded',
  'x-clew-returns': 7,
  'x-clew-parked-at': '2027-05-01T12:00:00.250Z',
  'x-clew-sender': 'hotels',
};
const death = {
  reason: 'delivery_limit',
  queue: 'clew.hotels.facts',
  count: 1,
  exchange: 'clew.events',
  'routing-keys': ['trip-booking.flight.succeeded'],
  time: { '!': 'timestamp', value: 1_809_172_800 },
};

function message(headers: Record<string, unknown>, content: Buffer = Buffer.from('{}')): GetMessage {
  const properties = {
    messageId: 'm-1',
    correlationId: 'saga-1',
    type: 'flights.reserve',
    timestamp: 1_700_000_000,
    expiration: '60000',
    userId: 'guest',
    headers,
  } as unknown as MessageProperties;
  return { content, properties } as GetMessage;
}

const read = (headers: Record<string, unknown>, content?: Buffer) =>
  readDeadLetter(message(headers, content), 'hotels.facts');

describe('a dead letter that is read', () => {
  it('tells what was noted when it was parked, and what it was before', () => {
    expect(read({ step: 'flight', ...marks, 'x-delivery-count': 3 })).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      queue: 'hotels.facts',
      reason: 'No handler.',
      parkedAt: new Date('2027-05-01T12:00:00.250Z'),
      messageId: 'm-1',
      correlationId: 'saga-1',
      type: 'flights.reserve',
      returns: 7,
      bytes: 2,
      headers: { step: 'flight' },
      payload: '{}',
      encoding: 'utf8',
    });
  });

  it('has the id that it had before it was looked at, and no other letter has it', () => {
    const { id } = read({ ...marks });
    expect(read({ ...marks, 'x-delivery-count': 1 }).id).toBe(id);
    expect(read({ ...marks, 'x-clew-parked-at': '2027-05-01T12:00:00.251Z' }).id).not.toBe(id);
    expect(read({ ...marks }, Buffer.from('{ }')).id).not.toBe(id);
    expect(readDeadLetter(message({ ...marks }), 'cars.facts').id).not.toBe(id);
  });

  it('tells what RabbitMQ has noted, if that gave it up', () => {
    expect(read({ 'x-death': [death], 'x-first-death-reason': 'delivery_limit' })).toMatchObject({
      reason: 'RabbitMQ has given it up (delivery_limit).',
      parkedAt: new Date('2027-05-01T12:00:00Z'),
      returns: 0,
      headers: {},
    });
  });

  it.each([{}, { 'x-clew-parked-at': 'yesterday', 'x-clew-reason': 7, 'x-death': [] }])(
    'needs none of that: %j',
    (headers) => {
      expect(read(headers)).toMatchObject({ reason: 'No reason is given.', parkedAt: null, returns: 0 });
    },
  );
});

describe('a dead letter that goes back', () => {
  it('keeps ids, type, time, headers and sender, and nothing else that parking, counting or death have added', () => {
    const added = {
      'x-delivery-count': 9,
      'x-death': [death],
      'x-last-death-queue': 'q',
      CC: ['a'],
      BCC: [],
    };
    const options = redrivenOptions(message({ step: 'flight', ...marks, ...added }).properties, 'guest');
    expect(options).toMatchObject({
      messageId: 'm-1',
      correlationId: 'saga-1',
      type: 'flights.reserve',
      timestamp: 1_700_000_000,
      persistent: true,
      mandatory: true,
    });
    expect(options.headers).toEqual({ step: 'flight', 'x-clew-sender': 'hotels' });
    expect(options).not.toHaveProperty('expiration');
    expect(options.userId).toBe('guest');
  });

  it('is from whoever has put it there, if that is somebody else', () => {
    const options = redrivenOptions(message({ ...marks }).properties, 'operators');
    expect(options.headers).toEqual({ 'x-clew-sender': 'guest' });
    expect(options.userId).toBe('operators');
  });
});
