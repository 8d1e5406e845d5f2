import { describe, expect, it } from '@jest/globals';
import type { Saga } from '../saga.js';
import type { Reservation } from './books-of-a-participant.js';
import { KINDS } from './expectations.js';
import { judge } from './judge.js';

const ALL = new Set(Object.values(KINDS).map(({ participant }) => participant));

function sagaOf(saga: string, status: string, steps: Readonly<Record<string, string>>): Saga {
  return {
    id: 'b1',
    saga,
    version: 1,
    status,
    failure: null,
    createdAt: '',
    updatedAt: '',
    endedAt: null,
    steps: Object.entries(steps).map(([name, stepStatus]) => ({
      name,
      status: stepStatus,
      attempts: 1,
      startedAt: null,
      endedAt: null,
      result: null,
      rejection: null,
    })),
  };
}

function row(step: string, what: string, status: string, id = `${step}-${what}`): Reservation {
  const { participant } = KINDS[what]!;
  return {
    participant,
    id,
    bookingId: 'b1',
    step,
    what,
    status,
    quantity: 1,
    regarding: null,
    createdAt: '',
  };
}

const done = { flight: 'SUCCEEDED', hotel: 'SUCCEEDED', car: 'SUCCEEDED' };
const undone = { flight: 'COMPENSATED', hotel: 'REJECTED', car: 'COMPENSATED' };
const trip = [
  row('flight', 'seats', 'RESERVED'),
  row('hotel', 'rooms', 'RESERVED'),
  row('car', 'car', 'RESERVED'),
];
const ordered = { stock: 'SUCCEEDED', 'gift-wrap': 'SKIPPED', payment: 'SUCCEEDED', delivery: 'SUCCEEDED' };
const goods = row('stock', 'goods', 'HELD');
const delivery = row('delivery', 'delivery', 'ARRANGED');

const cases: [what: string, saga: Saga, rows: Reservation[], findings: string[]][] = [
  ['a trip that has everything', sagaOf('trip-booking', 'COMPLETED', done), trip, []],
  ['a trip without its car', sagaOf('trip-booking', 'COMPLETED', done), trip.slice(0, 2), ['missing car']],
  [
    'a trip whose seats were given back',
    sagaOf('trip-booking', 'COMPLETED', done),
    [row('flight', 'seats', 'CANCELLED'), ...trip.slice(1)],
    ['missing flight'],
  ],
  [
    'a trip with seats twice',
    sagaOf('trip-booking', 'COMPLETED', done),
    [...trip, row('flight-2', 'seats', 'RESERVED')],
    ['double flight-2'],
  ],
  [
    'a trip that was undone',
    sagaOf('trip-booking', 'COMPENSATED', undone),
    [row('flight', 'seats', 'CANCELLED')],
    [],
  ],
  [
    'a trip that was undone and holds seats',
    sagaOf('trip-booking', 'COMPENSATED', undone),
    [row('flight', 'seats', 'RESERVED')],
    ['orphan flight'],
  ],
  [
    'seats for a step that the saga lacks',
    sagaOf('trip-booking', 'COMPENSATED', undone),
    [row('bus', 'seats', 'RESERVED')],
    ['orphan bus'],
  ],
  ['a trip under way', sagaOf('trip-booking', 'RUNNING', { ...done, car: 'PENDING' }), [trip[2]!], []],
  ['a trip turning back', sagaOf('trip-booking', 'COMPENSATING', undone), trip, []],
  [
    'what a STUCK trip is STUCK at',
    sagaOf('trip-booking', 'STUCK', { ...undone, flight: 'STUCK' }),
    [trip[0]!],
    [],
  ],
  [
    'what else a STUCK trip holds',
    sagaOf('trip-booking', 'STUCK', { ...undone, flight: 'STUCK' }),
    [trip[2]!],
    ['orphan car'],
  ],
  [
    'what a STUCK trip has lost',
    sagaOf('trip-booking', 'STUCK', { flight: 'SUCCEEDED', hotel: 'REJECTED', car: 'STUCK' }),
    [],
    ['missing flight'],
  ],
  [
    'what a STUCK trip holds whose owner is elsewhere',
    {
      ...sagaOf('trip-booking', 'STUCK', { ...undone, flight: 'STUCK' }),
      coordination: 'choreography',
    },
    [trip[2]!],
    [],
  ],
  [
    'an order that was paid for',
    sagaOf('order', 'COMPLETED', ordered),
    [goods, row('payment', 'payment', 'CAPTURED'), delivery],
    [],
  ],
  [
    'an order whose payment was never captured',
    sagaOf('order', 'COMPLETED', ordered),
    [goods, row('payment', 'payment', 'AUTHORISED'), delivery],
    ['missing payment'],
  ],
  [
    'an order that is STUCK before its capture',
    sagaOf('order', 'STUCK', { ...ordered, delivery: 'PENDING' }),
    [goods, row('payment', 'payment', 'AUTHORISED')],
    [],
  ],
  [
    'an order that was returned',
    sagaOf('order', 'COMPLETED', ordered),
    [row('stock', 'goods', 'RETURNED'), row('payment', 'payment', 'REFUNDED'), delivery],
    [],
  ],
  [
    'wrapping that nobody wished for',
    sagaOf('order', 'COMPLETED', ordered),
    [goods, row('payment', 'payment', 'CAPTURED'), delivery, row('gift-wrap', 'wrapping', 'WRAPPED')],
    ['orphan gift-wrap'],
  ],
  ['a saga without its definition', sagaOf('trip-booking', 'COMPLETED', {}), [], []],
  ['a saga of others', sagaOf('tour', 'COMPLETED', { flight: 'SUCCEEDED' }), [], []],
];

describe('what the audit says of', () => {
  it.each(cases)('%s', (_what, saga, rows, findings) => {
    expect(judge(saga, rows, ALL).map(({ kind, step }) => `${kind} ${step}`)).toEqual(findings);
  });

  it('participants that it can not ask: nothing', () => {
    expect(judge(sagaOf('trip-booking', 'COMPLETED', done), trip.slice(0, 1), new Set(['flights']))).toEqual(
      [],
    );
  });
});
