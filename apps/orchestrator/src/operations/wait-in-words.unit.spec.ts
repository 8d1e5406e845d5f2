import { describe, expect, it } from '@jest/globals';
import type { Wait } from '@clew/saga';
import { inWords, waitInWords, type QueueState } from './wait-in-words.js';

const now = new Date('2027-05-01T12:00:00Z');
const since = new Date(now.getTime() - 42_000);
const reply = {
  for: 'reply',
  step: 'hotel',
  direction: 'action',
  participant: 'hotels',
  attempt: 2,
  attempts: 4,
  then: 'turns back',
  since,
  dueInMs: 18_000,
} as const;
const busy: QueueState = { messages: 0, consumers: 1 };

describe('why a saga does not go on', () => {
  it.each<[string, Wait, QueueState | undefined]>([
    [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 2; its queue has no consumer, and 5 messages wait in its queue: start the app; times out in 18 s, and is asked again.',
      reply,
      { messages: 5, consumers: 0 },
    ],
    [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 2; 1 message waits in its queue; times out in 18 s, and is asked again.',
      reply,
      { messages: 1, consumers: 2 },
    ],
    [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 4; times out in 18 s, and the saga turns back.',
      { ...reply, attempt: 4 },
      busy,
    ],
    [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 400; is timing out now, and is asked again.',
      { ...reply, attempt: 400, attempts: Infinity, dueInMs: -5 },
      undefined,
    ],
    [
      'Waiting 42 s for the reply of hotels about the undo of step hotel, attempt 20; times out in 1 min 0 s, and is parked.',
      { ...reply, direction: 'compensation', attempt: 20, attempts: 20, then: 'is parked', dueInMs: 60_000 },
      busy,
    ],
    [
      'Waiting 42 s for the reply of hotels about step hotel, attempt 1; flights, who owns the saga, asks again.',
      { ...reply, attempt: 1, owner: 'flights' },
      busy,
    ],
    [
      'Step hotel has been waiting 42 s for an operator: its undo was refused with NO_WAY, "Ask the desk". Retry it, skip it or mark it done.',
      {
        for: 'operator',
        step: 'hotel',
        direction: 'compensation',
        reason: { kind: 'rejection', rejection: { code: 'NO_WAY', message: 'Ask the desk' } },
        since,
      },
      undefined,
    ],
    [
      'Waiting 42 s for the lock "customer/7", which another saga holds.',
      { for: 'lock', key: 'customer/7', since },
      undefined,
    ],
  ])('%s', (sentence, wait, queue) => expect(waitInWords(wait, now, queue)).toBe(sentence));

  it.each([
    [-1, '0 s'],
    [59_499, '59 s'],
    [125_000, '2 min 5 s'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 days 4 h'],
  ])('says %d ms as %s', (milliseconds, words) => expect(inWords(milliseconds)).toBe(words));
});
