import { describe, expect, it } from '@jest/globals';
import { matchesTopic } from './topic-pattern.js';

describe('a topic pattern', () => {
  it.each([
    ['trip.flight.succeeded', 'trip.flight.succeeded'],
    ['trip.*.succeeded', 'trip.flight.succeeded'],
    ['*.*.*', 'trip.flight.succeeded'],
    ['#', 'trip'],
    ['#', 'trip.flight.succeeded'],
    ['trip.#', 'trip'],
    ['trip.#', 'trip.flight.succeeded'],
    ['trip.#.succeeded', 'trip.succeeded'],
    ['trip.#.succeeded', 'trip.flight.succeeded.succeeded'],
    ['#.flight.#', 'trip.flight.succeeded'],
  ])('%s covers %s', (pattern, topic) => expect(matchesTopic(pattern, topic)).toBe(true));

  it.each([
    ['trip.flight.succeeded', 'trip.flight.compensated'],
    ['trip.flight', 'trip.flight.succeeded'],
    ['trip.flight.succeeded', 'trip.flight'],
    ['trip.*', 'trip'],
    ['trip.*', 'trip.flight.succeeded'],
    ['trip.*.succeeded', 'trip.succeeded'],
    ['trip.#.succeeded', 'trip.flight'],
    ['trip.fli*', 'trip.flight'],
    ['trip.#', 'trips.flight'],
  ])("%s doesn't cover %s", (pattern, topic) => expect(matchesTopic(pattern, topic)).toBe(false));
});
