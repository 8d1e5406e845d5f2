import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import type { Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { reservationsOf } from '../e2e/support/participants.js';
import { WireSpy } from '../e2e/support/wire-spy.js';
import { RunningSystem, serversOfTheRun } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

/** Nobody listens there: who has this for a broker answers over HTTP only. */
const noBroker = 'amqp://127.0.0.1:1';

describe('a step that succeeds after it was given up', () => {
  let system: RunningSystem;
  let spy: WireSpy;
  beforeAll(async () => {
    const impatient = {
      CLEW_STEP_TIMEOUT_MS: '1000',
      CLEW_STEP_MAX_TIMEOUT_MS: '1000',
      CLEW_STEP_ATTEMPTS: '2',
      CLEW_COMPENSATION_ATTEMPTS: '1000',
    };
    // Neither RabbitMQ nor another relay is to notice that the hotels stand still: it holds what it has in its hands.
    const unnoticed = new URL(serversOfTheRun().amqpUrl);
    unnoticed.searchParams.set('heartbeat', '300');
    system = await RunningSystem.start({
      instances: { hotels: 2 },
      environment: {
        orchestrator: impatient,
        hotels: { AMQP_URL: unnoticed.href, CLEW_OUTBOX_LEASE_MS: '600000' },
      },
    });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);
  beforeEach(async () => {
    spy = await WireSpy.bind(system, 'orchestrator.replies');
    await Promise.all([system.app('hotels', 0).stop(), system.app('hotels', 1).stop()]);
  }, 60_000);
  afterEach(() => spy?.close());

  it('is undone when its command had waited for a participant that was away', async () => {
    const { id } = await system.gateway().book(trip());
    await untilGivenUp(id);
    expect(await fenceOf(id)).toEqual([]);

    await start(0);
    await expectUndone(id);
    // It did reserve: the action came first, as it had been sent first.
    expect(await fenceOf(id)).toEqual(['action done', 'compensation done']);
    await expectNoTraceOfLateReply(id);
  }, 60_000);

  it('is undone when its reply had been held back, and comes before the undo', async () => {
    const { id } = await holdReply();
    await untilGivenUp(id);
    expect(await toldWithoutBroker(id)).toBe('RESERVED');
    expect(spy.countOf(`${id}/hotel/action/0/reply`)).toBe(0);

    system.app('hotels').resume();
    await expectUndone(id);
    await expectNoTraceOfLateReply(id);
  }, 60_000);

  it('stays undone when its reply comes after the end', async () => {
    const { id } = await holdReply();
    await untilGivenUp(id);
    expect(await toldWithoutBroker(id)).toBe('RESERVED');

    await start(1); // Gets some of the cancellations, as they are repeated.
    await expectUndone(id);
    const ended = await historyOf(id);
    expect(spy.countOf(`${id}/hotel/action/0/reply`)).toBe(0);

    system.app('hotels').resume();
    await expectNoTraceOfLateReply(id);
    expect(await historyOf(id)).toEqual(ended);
  }, 60_000);

  async function start(instance: number, environment = {}): Promise<void> {
    system.app('hotels', instance).start(environment);
    await system.app('hotels', instance).untilReady();
  }

  /** Books, and lets the hotels stand still when the room is reserved and committed, before anybody hears of it. */
  async function holdReply(): Promise<{ id: string }> {
    await start(0, { CLEW_FAILPOINT: 'participant.committed:1:stop' });
    const booking = await system.gateway().book(trip());
    await system.app('hotels').untilSuspended();
    return booking;
  }

  /** What a process of the hotels says that takes no commands. */
  async function toldWithoutBroker(id: string): Promise<string> {
    const other = system.app('hotels', 1);
    other.start({ AMQP_URL: noBroker });
    const response = await eventually(() => fetch(`${other.url}/reservations/${id}`), { within: 20_000 });
    const { status } = (await response.json()) as { status: string };
    await other.stop();
    return status;
  }

  async function historyOf(id: string): Promise<Transition[]> {
    return (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
  }

  async function fenceOf(id: string): Promise<string[]> {
    const sql = `SELECT direction || ' ' || outcome AS entry FROM fence WHERE saga_id = $1 ORDER BY direction`;
    return (await system.databases.rows<{ entry: string }>('hotels', sql, id)).map(({ entry }) => entry);
  }

  /** The undo of the hotel is on its way, and nobody is there to do it. */
  async function untilGivenUp(id: string): Promise<void> {
    const isGivenUp = ({ type, step }: Transition) => type === 'StepCompensationStarted' && step === 'hotel';
    await eventually(async () => (await historyOf(id)).some(isGivenUp), {
      within: 20_000,
      describe: 'the undo of the hotel',
    });
    const { status, failure } = await system.gateway().booking(id);
    expect([status, failure?.step, failure?.code]).toEqual(['COMPENSATING', 'hotel', 'STEP_TIMED_OUT']);
  }

  async function expectUndone(id: string): Promise<void> {
    const { status, steps } = await system.gateway().untilEnded(id);
    expect(status).toBe('COMPENSATED');
    expect(steps.map((step) => step.status)).toEqual(['COMPENSATED', 'COMPENSATED', 'COMPENSATED']);
  }

  /** Makes sure that the late reply did reach the orchestrator, and that nothing came of it. */
  async function expectNoTraceOfLateReply(id: string): Promise<void> {
    await eventually(() => spy.countOf(`${id}/hotel/action/0/reply`) > 0, { describe: 'the late reply' });
    // Replies are taken in order: when a later one is answered, the late one has been.
    const later = await system.gateway().bookAndWait(trip());
    expect(later.status).toBe('COMPLETED');
    const ofHotel = (await historyOf(id)).filter(({ step }) => step === 'hotel').map(({ type }) => type);
    expect(ofHotel.filter((type) => type !== 'CommandRepeated')).toEqual([
      'StepStarted',
      'StepLeftInDoubt',
      'StepCompensationStarted',
      'StepCompensated',
    ]);
    const cancelled = { flights: 'CANCELLED', hotels: 'CANCELLED', cars: 'CANCELLED' };
    expect(await reservationsOf(system, id)).toEqual(cancelled);
    await audit(system, { accepted: [id, later.id] });
  }
});
