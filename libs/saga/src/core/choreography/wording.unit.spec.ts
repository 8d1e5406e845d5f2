import { describe, expect, it } from '@jest/globals';
import type { Fact } from './fact.js';
import { readFact, wordsOf } from './wording.js';

const known = { input: { flightNumber: 'CL100' }, results: { flight: { reservationId: 'f-1' } } };
const back = { undone: ['car'], rest: [{ step: 'flight', undoes: 0 }] };
const rejection = { code: 'SOLD_OUT', message: 'No more' };

const FACTS: Fact[] = [
  { type: 'started', ...known },
  { type: 'succeeded', step: 'flight', epoch: 0, ...known },
  { type: 'rejected', step: 'hotel', epoch: 1, ...known, rejection },
  { type: 'asked', step: 'hotel', epoch: 0, attempt: 2, ...known },
  { type: 'undo-asked', step: 'car', epoch: 0, attempt: 1, undoes: 0, ...back },
  { type: 'compensated', step: 'car', epoch: 0, ...back },
  { type: 'undo-refused', step: 'car', epoch: 0, ...back, rejection },
  {
    type: 'requested',
    operation: { action: 'retry', step: 'car' },
    actor: 'ada',
    reason: 'mended',
    ...known,
  },
  { type: 'requested', operation: { action: 'cancel' }, actor: 'caller', reason: 'ill', ...known },
];

const written = (fact: Fact) => wordsOf('saga-1', 'trip', fact, 'wish-1');

describe('a fact', () => {
  it.each(FACTS)('is read as it was said: $type $step', (fact) => {
    const { topic, body } = written(fact);
    const onTheWire = JSON.parse(JSON.stringify(body)) as object;
    expect(onTheWire).not.toHaveProperty('type');
    expect(onTheWire).not.toHaveProperty('step');
    expect(readFact('trip', topic, onTheWire)).toEqual(fact);
  });

  it('has an id of its own, the same each time', () => {
    const ids = FACTS.map((fact) => written(fact).factId);
    expect(FACTS.map((fact) => written(fact).factId)).toEqual(ids);
    expect(ids.slice(0, -1)).toEqual([
      'saga-1/started',
      'saga-1/flight/succeeded/0',
      'saga-1/hotel/rejected/1',
      'saga-1/hotel/asked/0/2',
      'saga-1/car/undo-asked/0/1',
      'saga-1/car/compensated/0',
      'saga-1/car/undo-refused/0',
      'saga-1/requested/wish-1',
    ]);
  });

  it.each([
    ['another saga', 'order.started', known, /none of saga trip's/],
    ['a topic that doesn’t exist', 'trip.flight.delayed', known, /none of saga trip's/],
    ['a step’s topic without a step', 'trip.succeeded', known, /none of saga trip's/],
    ['too long a topic', 'trip.flight.succeeded.twice', known, /none of saga trip's/],
    ['no input', 'trip.started', { results: {} }, /no "input"/],
    ['no results', 'trip.started', { input: {} }, /"results"/],
    ['a result that is none', 'trip.started', { input: {}, results: { flight: 1 } }, /"results"/],
    ['no epoch', 'trip.flight.succeeded', known, /"epoch" is missing/],
    ['half an epoch', 'trip.flight.succeeded', { ...known, epoch: 0.5 }, /"epoch" is missing/],
    ['no attempt', 'trip.flight.asked', { ...known, epoch: 0 }, /"attempt" is missing/],
    ['no reason to refuse', 'trip.flight.rejected', { ...known, epoch: 0, rejection: {} }, /"rejection"/],
    ['nothing to undo', 'trip.car.undo-asked', { epoch: 0, attempt: 1, ...back }, /"undoes" is missing/],
    ['no way back', 'trip.car.compensated', { epoch: 0, undone: [] }, /"rest"/],
    ['a way back of no steps', 'trip.car.compensated', { epoch: 0, undone: [1], rest: [] }, /"undone"/],
    [
      'a way back to nowhere',
      'trip.car.compensated',
      { epoch: 0, undone: [], rest: [{ step: 'a' }] },
      /"rest"/,
    ],
    ['nobody’s wish', 'trip.requested', { ...known, operation: { action: 'cancel' } }, /"actor"/],
    [
      'an impossible wish',
      'trip.requested',
      { ...known, operation: { action: 'retry' }, actor: 'ada', reason: '' },
      /"operation"/,
    ],
  ])('is refused with %s', (_case, topic, body, reason) => {
    expect(() => readFact('trip', topic, body)).toThrow(reason);
  });
});
