import { describe, expect, it } from '@jest/globals';
import { factMessage, readFactMessage } from './index.js';

const fact = {
  factId: '0192aaaa-0000-7000-8000-000000000001/flight/succeeded/0',
  sagaId: '0192aaaa-0000-7000-8000-000000000001',
  saga: 'trip-booking',
  version: 1,
  definition: '0123456789abcdef',
  topic: 'trip-booking.flight.succeeded',
  body: { epoch: 0, input: {}, results: {} },
};
const { payload, ...message } = factMessage(fact);
const received = { ...message, content: Buffer.from(payload) };

describe('the message that carries a fact', () => {
  it('goes to a topic, and says what it was told to say', () => {
    expect(message).toMatchObject({ destination: fact.topic, topic: true });
    expect(readFactMessage(received)).toEqual(fact);
  });

  it.each([
    ['no saga', { correlationId: 'all' }, 'correlationId is missing or not a UUID'],
    ['no version', { headers: { saga: 'trip-booking', definition: 'x' } }, 'header version is missing'],
    ['no definition', { headers: { saga: 'trip-booking', version: 1 } }, 'header definition is missing'],
    ['another saga’s topic', { type: 'order.started' }, 'type is not a topic of the saga'],
    ['no topic', { type: undefined }, 'type is missing'],
    ['no JSON', { content: Buffer.from('all') }, 'the payload is not JSON'],
  ])('is refused with %s', (_case, change, reason) => {
    expect(() => readFactMessage({ ...received, ...change })).toThrow(reason);
  });
});
