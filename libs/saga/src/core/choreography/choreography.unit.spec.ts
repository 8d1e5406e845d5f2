import { describe, expect, it } from '@jest/globals';
import {
  CancelCar,
  CancelFlight,
  CancelHotel,
  paidTrip,
  ReserveCar,
  ReserveFlight,
  ReserveHotel,
  trip,
} from '../example-sagas.fixture.js';
import { saga } from '../saga-builder.js';
import { AWAY, perform } from './choreography.fixture.js';
import { choreographyFlaw } from './choreography-flaw.js';
import type { Fact } from './fact.js';
import { ownerOf, ownerTopicsOf, topicsOf } from './prompting.js';
import { given, done, refused, start, undone } from '../story.fixture.js';

const reserved = { action: ReserveCar, payload: () => ({}), compensation: CancelCar };

/** A step that waits for two others, then one that is only taken when asked for, and one after it. */
const joined = saga<{ wrapped?: boolean }>('joined', { version: 1 })
  .parallel({
    left: { action: ReserveFlight, payload: () => ({ flightNumber: 'CL1' }), compensation: CancelFlight },
    right: reserved,
  })
  .step('wrap', { ...reserved, when: ({ input }) => input.wrapped === true })
  .step('last', {
    action: ReserveHotel,
    payload: ({ results }) => ({ ids: [results.left, results.right, results.wrap] }),
    retriable: true,
  })
  .step('letter', { action: ReserveCar, payload: () => ({}), retriable: true })
  .end();

/** A step that may be skipped, between two others. */
const wrapped = saga<{ wrapped?: boolean }>('wrapped', { version: 1 })
  .step('first', {
    action: ReserveFlight,
    payload: () => ({ flightNumber: 'CL1' }),
    compensation: CancelFlight,
  })
  .step('wrap', { ...reserved, when: ({ input }) => input.wrapped === true })
  .step('last', { action: ReserveHotel, payload: () => ({}), compensation: CancelHotel })
  .end();

describe('what a participant listens to', () => {
  it('is what its steps begin on and are undone on', () => {
    expect(topicsOf(trip, 'flights')).toEqual([
      'trip.car.compensated',
      'trip.car.undo-refused',
      'trip.flight.asked',
      'trip.flight.undo-asked',
      'trip.hotel.compensated',
      'trip.hotel.undo-refused',
      'trip.started',
    ]);
    expect(topicsOf(trip, 'cars')).toEqual([
      'trip.car.asked',
      'trip.car.undo-asked',
      'trip.flight.succeeded',
    ]);
    expect(topicsOf(trip, 'nobody')).toEqual([]);
  });

  it('reaches back over a step that may be skipped, but not over the point of no return', () => {
    expect(topicsOf(joined, 'hotels')).toEqual(['joined.last.asked']);
    expect(topicsOf(wrapped, 'hotels')).toEqual(
      expect.arrayContaining(['wrapped.first.succeeded', 'wrapped.wrap.succeeded']),
    );
    expect(topicsOf(joined, 'cars')).toContain('joined.last.succeeded');
    expect(topicsOf(joined, 'cars')).not.toContain('joined.wrap.succeeded');
  });

  it('is everything that the others say, for the owner', () => {
    expect(ownerOf(trip)).toBe('flights');
    expect(ownerTopicsOf(paidTrip)).toContain('paid-trip.payment.rejected');
    expect(ownerTopicsOf(paidTrip)).not.toContain('paid-trip.payment.compensated');
    expect(ownerTopicsOf(paidTrip)).not.toContain('paid-trip.payment.asked');
  });
});

describe('a choreographed trip', () => {
  it('goes forward without anybody asking for a step', () => {
    const play = perform(trip);
    play.start({ flightNumber: 'CL100' });
    expect(play.topics).toEqual(['started', 'flight.succeeded', 'hotel.succeeded', 'car.succeeded']);
    expect(play.stands).toBe('COMPLETED, flight SUCCEEDED, hotel SUCCEEDED, car SUCCEEDED');
  });

  it('has the history that it would have had with an orchestrator', () => {
    const play = perform(trip, { hotel: 'refuses' });
    play.start({ flightNumber: 'CL100' });
    const orchestrated = given(trip);
    const story = orchestrated.when(start, done('flight'), refused('hotel'), undone('car'), undone('flight'));
    const withoutResults = (lines: string[]) => lines.map((line) => line.replace(/\{.*\}/, ''));
    expect(withoutResults(play.history)).toEqual(withoutResults(story));
    expect(play.stands).toBe(orchestrated.stands);
  });

  it('is undone in reverse order, each step at the word of the one before', () => {
    const play = perform(trip, { hotel: 'refuses' });
    play.start();
    expect(play.commands).toEqual([
      'flight action 0',
      'hotel action 0',
      'car action 0',
      'car compensation 0',
      'flight compensation 0',
    ]);
    expect(play.topics.slice(-3)).toEqual(['car.undo-asked', 'car.compensated', 'flight.compensated']);
  });

  it('goes back past an undo that is refused, and stays STUCK until an operator has seen to it', () => {
    const play = perform(trip, { hotel: 'refuses', car: 'refuses-undo' });
    play.start();
    expect(play.stands).toBe('STUCK, flight COMPENSATED, hotel REJECTED, car STUCK');
    play.mend('car');
    play.wish({ action: 'retry', step: 'car' });
    expect(play.commands.at(-1)).toBe('car compensation 1');
    expect(play.stands).toBe('COMPENSATED, flight COMPENSATED, hotel REJECTED, car COMPENSATED');
  });
});

describe('what may have begun unheard', () => {
  it('is undone, too, when the caller cancels', () => {
    const play = perform(trip, { flight: AWAY });
    play.start();
    play.mend('flight');
    play.wish({ action: 'cancel' });
    expect(play.commands).toEqual(['car compensation 0', 'hotel compensation 0', 'flight compensation 0']);
    expect(play.stands).toBe('COMPENSATED, flight COMPENSATED, hotel COMPENSATED, car COMPENSATED');
  });

  it('is nothing after the step that was refused', () => {
    const play = perform(trip, { flight: 'refuses' });
    play.start();
    expect(play.stands).toBe('COMPENSATED, flight REJECTED, hotel PENDING, car PENDING');
    expect(play.commands).toEqual(['flight action 0']);
  });

  it('is nothing that only the owner can let begin', () => {
    const play = perform(paidTrip, { flight: AWAY });
    play.start({ flightNumber: 'CL100' });
    play.wish({ action: 'cancel' });
    play.silence('flight', 'compensation', 1);
    expect(play.stands).toBe(
      'COMPENSATING, flight COMPENSATING, payment PENDING, ticket PENDING, invoice PENDING',
    );
  });
});

describe('the point of no return', () => {
  it('is passed at the word of the owner, and what follows needs none', () => {
    const play = perform(paidTrip);
    play.start({ flightNumber: 'CL100' });
    expect(play.topics).toEqual([
      'started',
      'flight.succeeded',
      'payment.asked',
      'payment.succeeded',
      'ticket.succeeded',
      'invoice.succeeded',
    ]);
    play.wish({ action: 'cancel' });
    expect(play.stands).toMatch(/^COMPLETED/);
  });

  it('turns back when it is refused', () => {
    const play = perform(paidTrip, { payment: 'refuses' });
    play.start({ flightNumber: 'CL100' });
    expect(play.stands).toBe(
      'COMPENSATED, flight COMPENSATED, payment REJECTED, ticket PENDING, invoice PENDING',
    );
  });

  it('is not passed by whoever comes after a point that may be skipped', () => {
    const paidMaybe = saga<{ paid?: boolean }>('paid-maybe', { version: 1 })
      .step('first', reserved)
      .step('pay', {
        action: ReserveHotel,
        payload: () => ({}),
        pivot: true,
        when: ({ input }) => input.paid === true,
      })
      .step('letter', { action: ReserveCar, payload: () => ({}), retriable: true })
      .end();
    expect(topicsOf(paidMaybe, 'cars')).not.toContain('paid-maybe.first.succeeded');
    const play = perform(paidMaybe);
    play.start();
    expect(play.topics).toEqual(['started', 'first.succeeded', 'letter.asked', 'letter.succeeded']);
    expect(play.stands).toBe('COMPLETED, first SUCCEEDED, pay SKIPPED, letter SUCCEEDED');
  });

  it('is not passed over by a condition', () => {
    const play = perform(joined);
    play.start();
    expect(play.topics).toEqual([
      'started',
      'left.succeeded',
      'right.succeeded',
      'last.asked',
      'last.succeeded',
      'letter.succeeded',
    ]);
    expect(play.stands).toMatch(/^COMPLETED/);
  });
});

describe('a condition', () => {
  it('is judged by whoever comes next', () => {
    const plain = perform(wrapped);
    plain.start();
    expect(plain.topics).toEqual(['started', 'first.succeeded', 'last.succeeded']);
    expect(plain.stands).toBe('COMPLETED, first SUCCEEDED, wrap SKIPPED, last SUCCEEDED');
    const gift = perform(wrapped);
    gift.start({ wrapped: true });
    expect(gift.topics).toEqual(['started', 'first.succeeded', 'wrap.succeeded', 'last.succeeded']);
  });
});

describe('a join', () => {
  it('is closed by the owner, who alone knows that all are there', () => {
    expect(topicsOf(joined, 'cars')).not.toContain('joined.left.succeeded');
    const play = perform(joined);
    play.start({ wrapped: true });
    expect(play.topics.slice(1, 5)).toEqual([
      'left.succeeded',
      'right.succeeded',
      'wrap.asked',
      'wrap.succeeded',
    ]);
  });

  it('waits for all who come together, whoever comes last', () => {
    const play = perform(joined, { right: AWAY });
    play.start({ wrapped: true });
    expect(play.commands).toEqual(['left action 0']);
    play.mend('right');
    play.silence('right', 'action', 1);
    expect(play.commands).toEqual([
      'left action 0',
      'right action 0',
      'wrap action 0',
      'last action 0',
      'letter action 0',
    ]);
    expect(play.stands).toMatch(/^COMPLETED/);
  });
});

describe('silence', () => {
  it('is broken by asking again, and by turning back in the end', () => {
    const play = perform(trip, { hotel: AWAY });
    play.start();
    play.silence('hotel', 'action', 1);
    expect(play.topics.at(-1)).toBe('hotel.asked');
    play.mend('hotel');
    play.silence('hotel', 'action', 2);
    expect(play.commands.slice(-3)).toEqual([
      'car compensation 0',
      'hotel compensation 0',
      'flight compensation 0',
    ]);
    expect(play.stands).toBe('COMPENSATED, flight COMPENSATED, hotel COMPENSATED, car COMPENSATED');
  });

  it('of an undo is broken by asking again, and the way back goes on from there', () => {
    const play = perform(trip, { hotel: 'refuses', car: AWAY });
    play.start();
    expect(play.stands).toBe('COMPENSATING, flight SUCCEEDED, hotel REJECTED, car COMPENSATING');
    play.mend('car');
    play.silence('car', 'compensation', 1);
    expect(play.stands).toMatch(/^COMPENSATED/);
  });
});

describe('facts that overtake one another', () => {
  const knowing = {
    input: { flightNumber: 'CL100' },
    results: { flight: { by: 'flight' }, hotel: { by: 'hotel' } },
  };

  it('tell the owner what came before them', () => {
    const play = perform(trip, { car: AWAY, flight: AWAY, hotel: AWAY });
    play.ownerHears({ type: 'succeeded', step: 'hotel', epoch: 0, ...knowing });
    expect(play.stands).toBe('RUNNING, flight SUCCEEDED, hotel SUCCEEDED, car EXECUTING');
  });

  it('change nothing when they come late or twice', () => {
    const play = perform(trip);
    play.start();
    const before = play.history.length;
    const late: Fact[] = [
      { type: 'succeeded', step: 'hotel', epoch: 0, ...knowing },
      {
        type: 'rejected',
        step: 'car',
        epoch: 0,
        ...knowing,
        rejection: { code: 'CANCELLED_BEFORE', message: 'No' },
      },
      { type: 'started', input: {}, results: {} },
      { type: 'compensated', step: 'car', epoch: 0, undone: ['car'], rest: [] },
    ];
    late.forEach((fact) => play.ownerHears(fact));
    expect(play.history).toHaveLength(before);
  });

  it('tell the owner how far the way back has come', () => {
    const play = perform(trip, { hotel: 'refuses', car: AWAY, flight: AWAY });
    play.ownerHears({
      type: 'rejected',
      step: 'hotel',
      epoch: 0,
      ...knowing,
      rejection: { code: 'NO', message: 'No' },
    });
    play.ownerHears({ type: 'compensated', step: 'flight', epoch: 0, undone: ['car', 'flight'], rest: [] });
    expect(play.stands).toMatch(/^COMPENSATED/);
  });
});

describe('a fact that tells of everything at once', () => {
  const chained = saga<object>('chained', { version: 1 })
    .step('left', reserved)
    .step('right', {
      ...reserved,
      payload: ({ results }) => ({ id: results.left.reservationId.toUpperCase() }),
    })
    .end();

  it('lets the owner ask for nothing that is answered, as its payload could not be built any more', () => {
    const play = perform(chained, { left: AWAY, right: AWAY });
    play.ownerHears({
      type: 'rejected',
      step: 'right',
      epoch: 0,
      input: {},
      results: { left: { reservationId: 'l-1' } },
      rejection: { code: 'NO', message: 'No' },
    });
    expect(play.topics).toEqual(['left.undo-asked']);
    expect(play.stands).toBe('COMPENSATING, left COMPENSATING, right REJECTED');
  });
});

describe('a step that the owner can not ask for', () => {
  const brokenFor = (releases: readonly boolean[]) => {
    let call = 0;
    const payload = () => {
      if (releases[call++]) throw new Error('broken');
      return {};
    };
    return saga<object>('broken', { version: 1 })
      .step('left', { ...reserved, payload })
      .step('right', reserved)
      .end();
  };
  // Its participant tries its code out and builds the command; then the owner, which has another release, tries it.
  const onlyAtTheOwner = () => brokenFor([false, false, true]);

  it('is done all the same when its participant says so', () => {
    const play = perform(onlyAtTheOwner());
    play.start();
    expect(play.history).toContain('StepParked left (bug)');
    expect(play.stands).toBe('COMPLETED, left SUCCEEDED, right SUCCEEDED');
  });

  it('is refused all the same when its participant says so', () => {
    const play = perform(onlyAtTheOwner(), { left: 'refuses' });
    play.start();
    expect(play.history).toContain('StepParked left (bug)');
    expect(play.stands).toBe('COMPENSATED, left REJECTED, right PENDING');
  });

  it('is answered by nobody when it is orchestrated', () => {
    const story = given(brokenFor([true]));
    story.when(start, done('left'));
    expect(story.stands).toBe('STUCK, left STUCK, right PENDING');
  });

  it('waits for an operator when nobody could do it', () => {
    const play = perform(brokenFor([true, true, true]));
    play.start();
    expect(play.stands).toBe('STUCK, left STUCK, right PENDING');
  });
});

describe('what can only be orchestrated', () => {
  it('is refused with a sentence', () => {
    const locked = saga<object>('locked', { version: 1, lock: () => 'key' })
      .step('a', reserved)
      .end();
    const parent = saga<object>('parent', { version: 1 })
      .child('inner', { saga: trip, input: () => ({ flightNumber: '' }) })
      .end();
    expect(choreographyFlaw(trip)).toBeUndefined();
    expect(choreographyFlaw(locked)).toMatch(/it takes locks/);
    expect(choreographyFlaw(parent)).toMatch(/step "inner" is a child saga/);
  });
});
