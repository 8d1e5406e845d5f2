import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { audit } from './support/audit.js';
import type { Booking, Page, Transition } from './support/gateway.js';
import { it } from './support/it-with-logs.js';
import { availabilityFor, reservationsOf } from './support/participants.js';
import { RunningSystem } from './support/running-system.js';
import { trip } from './support/trip.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

describe('booking a trip', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  it('reserves flight, hotel and car, and takes them out of what is available', async () => {
    const request = trip();
    const before = await availabilityFor(system, request);

    const accepted = await system.gateway().post(request);
    const begun = (await accepted.json()) as Booking;
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('location')).toBe(`/bookings/${begun.id}`);
    expect(begun.id).toMatch(uuid);

    const ended = await system.gateway().untilEnded(begun.id);
    expect(ended).toMatchObject({ status: 'COMPLETED', failure: null });
    expect(ended.steps.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    expect(await reservationsOf(system, begun.id)).toEqual({
      flights: 'RESERVED',
      hotels: 'RESERVED',
      cars: 'RESERVED',
    });
    const after = await availabilityFor(system, request);
    for (const participant of ['flights', 'hotels', 'cars'] as const) {
      const { capacity, reserved, available } = before[participant];
      expect(after[participant]).toEqual({ capacity, reserved: reserved + 1, available: available - 1 });
    }
  });

  it('undoes flight and car when the hotel is full', async () => {
    const request = trip({ hotel: { hotelId: 'GRAND-FULL' } });
    const before = await availabilityFor(system, request);

    const { id, status, failure, steps } = await system.gateway().bookAndWait(request);
    expect(status).toBe('COMPENSATED');
    expect(failure).toMatchObject({ step: 'hotel', code: 'HOTEL_SOLD_OUT' });
    expect(steps.map((step) => [step.name, step.status])).toEqual([
      ['flight', 'COMPENSATED'],
      ['hotel', 'REJECTED'],
      ['car', 'COMPENSATED'],
    ]);
    expect(steps[1]!.rejection).toMatchObject({ code: 'HOTEL_SOLD_OUT' });

    const { flights, hotels, cars } = await reservationsOf(system, id);
    expect(flights).toBe('CANCELLED');
    expect(hotels).toBe(404);
    expect(['CANCELLED', 404]).toContain(cars);
    expect(await availabilityFor(system, request)).toEqual(before);
  });

  it('touches nothing else when the flight is sold out', async () => {
    const { id, status, failure, steps } = await system
      .gateway()
      .bookAndWait(trip({ flight: { flightNumber: 'CL404' } }));
    expect(status).toBe('COMPENSATED');
    expect(failure).toMatchObject({ step: 'flight', code: 'FLIGHT_SOLD_OUT' });
    expect(steps.map((step) => step.status)).toEqual(['REJECTED', 'PENDING', 'PENDING']);
    expect(await reservationsOf(system, id)).toEqual({ flights: 404, hotels: 404, cars: 404 });
  });

  it('undoes flight and hotel when there is no limousine', async () => {
    const request = trip({ car: { carClass: 'limousine' } });
    const before = await availabilityFor(system, request);
    const { id, status, failure } = await system.gateway().bookAndWait(request);
    expect(status).toBe('COMPENSATED');
    expect(failure).toMatchObject({ step: 'car', code: 'CAR_SOLD_OUT' });
    const { flights, hotels, cars } = await reservationsOf(system, id);
    expect(flights).toBe('CANCELLED');
    expect(['CANCELLED', 404]).toContain(hotels);
    expect(cars).toBe(404);
    expect(await availabilityFor(system, request)).toEqual(before);
  });

  const unknown = [
    { changes: { flight: { flightNumber: 'CL999' } }, step: 'flight', code: 'FLIGHT_UNKNOWN' },
    { changes: { flight: { date: '2031-01-01' } }, step: 'flight', code: 'FLIGHT_UNKNOWN' },
    { changes: { hotel: { hotelId: 'NOWHERE' } }, step: 'hotel', code: 'HOTEL_UNKNOWN' },
    {
      changes: { hotel: { checkIn: '2028-12-30', checkOut: '2029-01-02' } },
      step: 'hotel',
      code: 'HOTEL_UNKNOWN',
    },
    { changes: { car: { location: 'MOON' } }, step: 'car', code: 'CAR_UNKNOWN' },
    { changes: { car: { carClass: 'rocket' } }, step: 'car', code: 'CAR_UNKNOWN' },
  ];
  for (const { changes, step, code } of unknown) {
    it(`says ${code} for ${JSON.stringify(changes)}`, async () => {
      const { status, failure } = await system.gateway().bookAndWait(trip(changes));
      expect(status).toBe('COMPENSATED');
      expect(failure).toMatchObject({ step, code });
    });
  }

  it('keeps the books', async () => {
    const { completed, compensated } = await audit(system);
    expect([completed.length, compensated.length]).toEqual([1, 3 + unknown.length]);
  });

  it('shows a booking with exactly the fields of the contract', async () => {
    const request = trip({ hotel: { hotelId: 'GRAND-FULL' } });
    const booking = await system.gateway().bookAndWait(request);
    const moment = expect.stringMatching(time);
    const undone = (name: string) => ({
      name,
      status: 'COMPENSATED',
      attempts: 1,
      startedAt: moment,
      endedAt: moment,
      rejection: null,
    });
    const [flight, hotel, car] = booking.steps;
    expect(booking).toEqual({
      id: expect.stringMatching(uuid),
      saga: 'trip-booking',
      version: 1,
      coordination: 'orchestration',
      status: 'COMPENSATED',
      trip: request,
      steps: [flight, hotel, car],
      failure: { step: 'hotel', code: 'HOTEL_SOLD_OUT', message: expect.stringMatching(/GRAND-FULL/) },
      createdAt: moment,
      updatedAt: moment,
      endedAt: moment,
      links: {
        self: `/bookings/${booking.id}`,
        history: `/bookings/${booking.id}/history`,
        events: `/bookings/${booking.id}/events`,
        cancel: `/bookings/${booking.id}/cancel`,
      },
    });
    expect(flight).toEqual({
      ...undone('flight'),
      result: { reservationId: expect.stringMatching(uuid) },
    });
    expect(hotel).toEqual({
      name: 'hotel',
      status: 'REJECTED',
      attempts: 1,
      startedAt: moment,
      endedAt: moment,
      result: null,
      rejection: { code: 'HOTEL_SOLD_OUT', message: booking.failure!.message },
    });
    // Whether the car had answered when the hotel refused is a matter of luck.
    expect(car).toEqual({ ...undone('car'), result: car!.result });
  });

  it('lists bookings newest first, page by page, and by status', async () => {
    const gateway = system.gateway();
    const all = await gateway.allBookings();
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());

    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Page = await gateway.json<Page>(`/bookings?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.items.length).toBeLessThanOrEqual(3);
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(paged).toEqual(ids);

    for (const status of ['COMPLETED', 'COMPENSATED', 'RUNNING']) {
      const { items } = await gateway.json<Page>(`/bookings?status=${status}&limit=100`);
      expect(items.map(({ id }) => id)).toEqual(
        all.filter((booking) => booking.status === status).map(({ id }) => id),
      );
    }
  });

  it('tells the history of a booking in order, with the cause of every transition', async () => {
    const { id } = await system.gateway().bookAndWait(trip({ hotel: { hotelId: 'GRAND-FULL' } }));
    const { items } = await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`);

    expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, index) => index + 1));
    expect(items.map(({ revision }) => revision)).toEqual(
      items.map(({ revision }) => revision).sort((a, b) => a - b),
    );
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).sort());

    // The car's answer may come before the hotel's refusal, after it, or never.
    const told = items
      .filter(({ type, step }) => step !== 'car' || type.startsWith('StepCompensat'))
      .map(({ type, step }) => (step ? `${type} ${step}` : type));
    expect(told).toEqual([
      'SagaStarted',
      'StepStarted flight',
      'StepSucceeded flight',
      'StepStarted hotel',
      'StepRejected hotel',
      'CompensationBegan',
      'StepCompensationStarted car',
      'StepCompensated car',
      'StepCompensationStarted flight',
      'StepCompensated flight',
      'SagaCompensated',
    ]);
    const transition = (type: string, step: string) =>
      items.find((item) => item.type === type && item.step === step);
    expect(items[0]!.cause).toMatchObject({ kind: 'request', messageId: null });
    expect(transition('StepStarted', 'flight')!.messageId).toBe(`${id}/flight/action/0`);
    expect(transition('StepCompensationStarted', 'flight')!.messageId).toBe(`${id}/flight/compensation/0`);
    expect(transition('StepRejected', 'hotel')).toMatchObject({
      cause: { kind: 'reply', messageId: expect.any(String) },
      details: { rejection: { code: 'HOTEL_SOLD_OUT' } },
    });
  });

  it('answers 304 for as long as a booking has not changed', async () => {
    const gateway = system.gateway();
    const { id } = await gateway.bookAndWait(trip());
    const first = await gateway.get(`/bookings/${id}`);
    const etag = first.headers.get('etag');
    expect(etag).toMatch(/^(W\/)?".+"$/);

    const again = await gateway.get(`/bookings/${id}`, { 'if-none-match': etag! });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const other = await gateway.get(`/bookings/${id}`, { 'if-none-match': '"something-else"' });
    expect(other.status).toBe(200);
  });
});
