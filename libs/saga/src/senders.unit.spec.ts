import { describe, expect, it } from '@jest/globals';
import { saga } from './core/index.js';
import { checkSender, checkSenders, type Senders } from './senders.js';
import type { Work } from './work.js';

const sagaId = '01890000-0000-7000-8000-000000000001';

class Done {}
const command = (type: string) =>
  class {
    static readonly type = type;
    static readonly reply = Done;
  };
const payload = () => ({});
const trip = saga('trip', { version: 1 })
  .step('hotel', { action: command('hotels.reserve'), payload, compensation: command('hotels.cancel') })
  .step('car', { action: command('cars.reserve'), payload, compensation: command('cars.cancel') })
  .step('odd', {
    action: command('constructor.reserve'),
    payload,
    compensation: command('constructor.cancel'),
  })
  .end();

const replyTo = (step: string, direction: 'action' | 'compensation', sender?: string): Work => ({
  sagaId,
  input: { type: 'reply', command: { step, direction, epoch: 0 }, outcome: { kind: 'done', result: {} } },
  cause: { kind: 'reply' },
  ...(sender !== undefined && { sender }),
  settle: () => undefined,
});

describe('a reply', () => {
  const senders: Senders = { hotels: 'clew-hotels' };
  const check = (work: Work) => () => checkSender(senders, trip, work);

  it('counts from the user of the participant that was asked', () => {
    for (const direction of ['action', 'compensation'] as const)
      expect(check(replyTo('hotel', direction, 'clew-hotels'))).not.toThrow();
  });

  it.each([
    ['action', 'clew-cars', 'user clew-cars'],
    ['compensation', 'clew-cars', 'user clew-cars'],
    ['action', undefined, 'nobody who can be told'],
  ] as const)('(%s) does not count from %s', (direction, sender, named) => {
    expect(check(replyTo('hotel', direction, sender))).toThrow(
      `The reply to command "${sagaId}/hotel/${direction}/0" was sent by ${named}; it counts only from user clew-hotels`,
    );
  });

  it.each([
    ['of a participant without a user', replyTo('car', 'action', 'clew-flights')],
    ['of a participant that is named like what every object has', replyTo('odd', 'action', 'clew-cars')],
    ['to a step that there is not', replyTo('boat', 'action', 'clew-cars')],
  ])('is not looked at if it is one %s', (_case, work) => {
    expect(check(work)).not.toThrow();
  });

  it('is what this is about, and nothing else that comes', () => {
    expect(check({ ...replyTo('hotel', 'action'), input: { type: 'saga-deadline' } })).not.toThrow();
  });
});

describe('users of participants', () => {
  it('are refused with a sentence if no saga has such a participant', () => {
    expect(() => checkSenders({ hotels: 'a', boats: 'b' }, ['hotels', 'cars'])).toThrow(
      'A user of the broker is given of boats, and no saga here has such a participant: there are hotels, cars.',
    );
  });

  it('may be those of some only, and of the orchestrator itself, which answers for child sagas', () => {
    expect(() => checkSenders({ hotels: 'a', saga: 'b' }, ['hotels', 'cars'])).not.toThrow();
    expect(() => checkSenders({}, ['hotels'])).not.toThrow();
  });
});
