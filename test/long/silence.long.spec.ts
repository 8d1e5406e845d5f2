import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { factQueueOf, ownerQueueOf } from '@clew/envelope';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import { purge } from '../e2e/support/dead-letters.js';
import type { Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { reservationsOf } from '../e2e/support/participants.js';
import { RunningSystem, serversOfTheRun } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

describe('a participant that is silent', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    const impatient = {
      CLEW_STEP_TIMEOUT_MS: '400',
      CLEW_STEP_MAX_TIMEOUT_MS: '800',
      CLEW_STEP_ATTEMPTS: '3',
      CLEW_COMPENSATION_ATTEMPTS: '1000',
    };
    // RabbitMQ is not to notice: it would take back what the silent process has in its hands.
    const unnoticed = new URL(serversOfTheRun().amqpUrl);
    unnoticed.searchParams.set('heartbeat', '300');
    system = await RunningSystem.start({
      instances: { hotels: 2 },
      environment: { orchestrator: impatient, hotels: { AMQP_URL: unnoticed.href } },
    });
    // The second process comes in when it is called.
    await system.app('hotels', 1).stop();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const historyOf = async (id: string): Promise<Transition[]> =>
    (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
  const untilItHappened = (id: string, type: string, step: string): Promise<unknown> =>
    eventually(async () => (await historyOf(id)).some((item) => item.type === type && item.step === step), {
      within: 20_000,
      describe: `${type} of ${step}`,
    });

  it('is asked again under the same id, acts once, and the booking is completed', async () => {
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id } = await system.gateway().book(trip());
    await untilItHappened(id, 'CommandRepeated', 'hotel');
    hotels.resume();

    const { status, steps } = await system.gateway().untilEnded(id);
    expect(status).toBe('COMPLETED');
    expect(steps[1]!.attempts).toBeGreaterThan(1);
    const asked = (await historyOf(id)).filter(({ step, messageId }) => step === 'hotel' && messageId);
    expect(asked.map(({ type }) => type)).toEqual([
      'StepStarted',
      ...asked.slice(1).map(() => 'CommandRepeated'),
    ]);
    expect(new Set(asked.map(({ messageId }) => messageId))).toEqual(new Set([`${id}/hotel/action/0`]));
    await audit(system, { accepted: [id] });
  }, 60_000);

  it('is undone together with the others once it is back, as nobody knows what it did', async () => {
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id } = await system.gateway().book(trip());
    await untilItHappened(id, 'StepLeftInDoubt', 'hotel');
    await untilItHappened(id, 'StepCompensationStarted', 'hotel');
    expect(await system.gateway().booking(id)).toMatchObject({
      status: 'COMPENSATING',
      failure: { step: 'hotel' },
    });
    hotels.resume();

    const { status, steps } = await system.gateway().untilEnded(id);
    expect(status).toBe('COMPENSATED');
    expect(steps.map((step) => step.status)).toEqual(['COMPENSATED', 'COMPENSATED', 'COMPENSATED']);
    const { flights, hotels: room, cars } = await reservationsOf(system, id);
    expect([flights, cars]).toEqual(['CANCELLED', 'CANCELLED']);
    expect(['CANCELLED', 404]).toContain(room);
    await audit(system, { accepted: [id] });
  }, 60_000);

  it('reserves nothing when it comes too late: the cancellation has been there before', async () => {
    const [late, other] = [system.app('hotels', 0), system.app('hotels', 1)];
    late.suspend(); // With the command in its hands, and no one else to take it.
    const { id } = await system.gateway().book(trip());
    await untilItHappened(id, 'StepCompensationStarted', 'hotel');
    other.start();
    await other.untilReady();
    const { status } = await system.gateway().untilEnded(id);
    expect(status).toBe('COMPENSATED');
    const fence = `SELECT direction, outcome FROM fence WHERE saga_id = $1 AND epoch = 0 ORDER BY direction`;
    const tombstone = [
      { direction: 'action', outcome: 'tombstone' },
      { direction: 'compensation', outcome: 'done' },
    ];
    expect(await system.databases.rows('hotels', fence, id)).toEqual(tombstone);

    await other.stop();
    late.resume();
    await late.untilReady();
    // Commands are taken in order: when a later one is answered, the late ones have been.
    const after = await system.gateway().bookAndWait(trip());
    expect(after.status).toBe('COMPLETED');
    expect(await system.databases.rows('hotels', fence, id)).toEqual(tombstone);
    expect(await reservationsOf(system, id)).toEqual({
      flights: 'CANCELLED',
      hotels: 404,
      cars: 'CANCELLED',
    });
    await audit(system, { accepted: [id, after.id] });
  }, 60_000);

  it('is told again that a choreographed trip has started, until it is heard of', async () => {
    await system.app('flights').stop();
    const { id } = await system.gateway().book(trip({ coordination: 'choreography' }));
    await eventually(async () => (await system.databases.count('orchestrator', 'outbox')) === 0);
    const lost = await Promise.all(
      [factQueueOf('flights'), ownerQueueOf('flights')].map((queue) => purge(system, queue)),
    );
    expect(Math.min(...lost)).toBeGreaterThan(0);
    system.app('flights').start();
    await system.app('flights').untilReady();
    expect(await system.gateway().untilEnded(id)).toMatchObject({ status: 'COMPLETED' });
    await audit(system, { accepted: [id] });
  }, 60_000);
});
