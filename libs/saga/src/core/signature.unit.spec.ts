import { describe, expect, it } from '@jest/globals';
import type { SagaDefinition, Stage, StepDefinition } from './definition.js';
import { paidTrip, ReserveHotel, trip } from './example-sagas.fixture.js';
import { saga } from './saga-builder.js';
import { differenceBetween, signatureOf } from './signature.js';

const [[flight], [hotel, car]] = trip.stages as unknown as [
  [StepDefinition],
  [StepDefinition, StepDefinition],
];
const withStages = (...stages: Stage[]): SagaDefinition => ({ ...trip, stages });
const child = (version: number) =>
  saga<object>('stay', { version })
    .step('hotel', hotel as never)
    .end();
const withChild = (version: number) =>
  saga<object>('journey', { version: 1 })
    .child('stay', { saga: child(version), input: ({ input }) => input })
    .end();

const differenceOf = (earlier: SagaDefinition, later: SagaDefinition) =>
  differenceBetween(signatureOf(earlier), signatureOf(later));

describe('the difference between two definitions', () => {
  it.each<[string, SagaDefinition, SagaDefinition, string]>([
    [
      'a step that is gone',
      trip,
      withStages([flight], [hotel]),
      'step "car" (compensatable cars.reserve/cars.cancel) is gone',
    ],
    [
      'a step that is new',
      withStages([flight], [hotel]),
      trip,
      'step "car" (compensatable cars.reserve/cars.cancel) is new',
    ],
    [
      'a step by another name: the old one is gone',
      trip,
      withStages([{ ...flight, name: 'plane' }], [hotel, car]),
      'step "flight" (compensatable flights.reserve/flights.cancel) is gone',
    ],
    [
      'another kind',
      paidTrip,
      {
        ...paidTrip,
        stages: paidTrip.stages.map((stage) =>
          stage.map((step) => (step.kind === 'pivot' ? { ...step, kind: 'retriable' as const } : step)),
        ),
      },
      'step "payment" was pivot hotels.reserve and is retriable hotels.reserve now',
    ],
    [
      'another command',
      trip,
      withStages([{ ...flight, action: ReserveHotel }], [hotel, car]),
      'step "flight" was compensatable flights.reserve/flights.cancel and is compensatable hotels.reserve/flights.cancel now',
    ],
    [
      'another compensation',
      trip,
      withStages([{ ...flight, compensation: hotel.compensation }], [hotel, car]),
      'step "flight" was compensatable flights.reserve/flights.cancel and is compensatable flights.reserve/hotels.cancel now',
    ],
    [
      'another version of a child',
      withChild(1),
      withChild(2),
      'step "stay" was compensatable saga stay v1 and is compensatable saga stay v2 now',
    ],
    [
      'a step that has moved',
      trip,
      withStages([hotel, car], [flight]),
      'step "flight" stands at another place in the order',
    ],
    [
      'members of a group in another order: so are their undos',
      trip,
      withStages([flight], [car, hotel]),
      'step "hotel" stands at another place in the order',
    ],
    [
      'a group that is taken apart',
      trip,
      withStages([flight], [hotel], [car]),
      'step "car" stands at another place in the order',
    ],
    [
      'steps that are put side by side',
      withStages([flight], [hotel], [car]),
      trip,
      'step "car" stands at another place in the order',
    ],
    [
      'more than one thing: the first that matters',
      trip,
      withStages([car], [{ ...hotel, name: 'room' }]),
      'step "flight" (compensatable flights.reserve/flights.cancel) is gone',
    ],
  ])('is said in a clause: %s', (_, earlier, later, difference) => {
    expect(differenceOf(earlier, later)).toBe(difference);
  });

  it('is none between a definition and itself, whatever may change under running instances', () => {
    const changed = trip.stages.map((stage) =>
      stage.map((step) => ({
        ...step,
        when: () => true,
        payload: () => ({ other: 1 }),
        policies: { action: { attempts: 9 } },
      })),
    );
    const timed = { ...withStages(...changed), timeoutMs: 1, lock: { keysOf: () => ['a'], leaseMs: 1 } };
    expect(differenceOf(trip, timed)).toBeUndefined();
    expect(differenceOf(withChild(1), withChild(1))).toBeUndefined();
  });

  it('is found both ways', () => {
    const others = [paidTrip, withStages([flight], [car, hotel]), withStages([flight]), withChild(1)];
    for (const other of others) {
      expect(differenceOf(trip, other)).toBeDefined();
      expect(differenceOf(other, trip)).toBeDefined();
    }
  });
});
