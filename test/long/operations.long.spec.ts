import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually, repositoryRoot } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import type { Booking, Transition } from '../e2e/support/gateway.js';
import { it } from '../e2e/support/it-with-logs.js';
import { reservationsOf } from '../e2e/support/participants.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const KEY = 'open sesame'.replace(' ', '-');
const ada = { actor: 'ada', reason: 'The trigger is gone' };
const soldOutHotel = trip({ hotel: { hotelId: 'GRAND-FULL' } });

interface Answer {
  readonly changed: boolean;
  readonly because: string | null;
  readonly status: string;
  readonly transitions: readonly { type: string }[];
  readonly commands: readonly { messageId: string; participant: string; type: string }[];
}

describe('people who see to sagas', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    const orchestrator = {
      CLEW_OPERATOR_KEY: KEY,
      CLEW_STEP_TIMEOUT_MS: '300',
      CLEW_STEP_MAX_TIMEOUT_MS: '300',
      CLEW_STEP_ATTEMPTS: '40',
      CLEW_COMPENSATION_ATTEMPTS: '3',
    };
    system = await RunningSystem.start({ environment: { orchestrator } });
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  const send = (path: string, body: object, key = KEY) =>
    fetch(`${system.gateway().url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
  const operate = async (id: string, action: string, body: object): Promise<Answer> => {
    const response = await send(`/operations/sagas/${id}/${action}`, body);
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };
  const listed = async (query: string, headers: Record<string, string>): Promise<Response> =>
    system.gateway().get(`/operations/sagas${query}`, headers);

  /** Every cancellation of a flight fails, and not for a passing reason. */
  const breakFlights = () =>
    system.databases.rows(
      'flights',
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'flights are broken' USING ERRCODE = 'XX999'; END $$;
       CREATE TRIGGER broken BEFORE UPDATE ON reservation FOR EACH ROW EXECUTE FUNCTION broken()`,
    );
  const mendFlights = () =>
    system.databases.rows('flights', 'DROP TRIGGER broken ON reservation; DROP FUNCTION broken()');

  async function untilStuck(id: string): Promise<Booking> {
    return eventually(
      async () => {
        const booking = await system.gateway().booking(id);
        if (booking.status === 'STUCK') return booking;
        throw new Error(`it is ${booking.status}`);
      },
      { within: 20_000, describe: `booking ${id} to be STUCK` },
    );
  }

  it('find a saga STUCK whose undo always fails, with the others done, and end it COMPENSATED by one action', async () => {
    await breakFlights();
    const { id } = await system.gateway().book(soldOutHotel);
    const stuck = await untilStuck(id);
    expect(stuck.steps.map(({ name, status }) => [name, status])).toEqual([
      ['flight', 'STUCK'],
      ['hotel', 'REJECTED'],
      ['car', 'COMPENSATED'],
    ]);
    expect(await reservationsOf(system, id)).toMatchObject({ flights: 'RESERVED', hotels: 404 });
    const list = await listed('?status=STUCK', { authorization: `Bearer ${KEY}` });
    expect(((await list.json()) as { items: Booking[] }).items.map((item) => item.id)).toEqual([id]);
    const parked = await system.databases.rows<{ count: number }>(
      'orchestrator',
      'SELECT count(*)::int AS count FROM saga_deadline',
    );
    expect(parked).toEqual([{ count: 0 }]);

    await mendFlights();
    const wish = { step: 'flight', ...ada };
    const plan = await operate(id, 'retry', { ...wish, dryRun: true });
    expect(plan).toMatchObject({ changed: true, status: 'COMPENSATING' });
    expect(plan.commands).toEqual([
      expect.objectContaining({ messageId: `${id}/flight/compensation/0`, type: 'flights.cancel' }),
    ]);
    expect(await system.gateway().booking(id)).toEqual(stuck);

    expect(await operate(id, 'retry', wish)).toMatchObject({ changed: true });
    const { status } = await system.gateway().untilEnded(id);
    expect(status).toBe('COMPENSATED');
    expect(await reservationsOf(system, id)).toMatchObject({ flights: 'CANCELLED', hotels: 404 });
    const history = (await system.gateway().json<{ items: Transition[] }>(`/bookings/${id}/history`)).items;
    const retried = history.find(({ type }) => type === 'StepUnparked');
    expect(retried?.cause).toMatchObject({ kind: 'operator', action: 'retry', ...ada });
    const planned = plan.transitions.map(({ type }) => type);
    const at = history.indexOf(retried!);
    expect(history.slice(at, at + planned.length).map(({ type }) => type)).toEqual(planned);
    await audit(system, { accepted: [id], parkedOnPurpose: true });
  }, 60_000);

  it('are answered with what is wrong, and nothing changes', async () => {
    const { id } = await system.gateway().bookAndWait(trip());
    const refused = await send(`/operations/sagas/${id}/retry`, { step: 'hotel', ...ada });
    expect(await refused.json()).toMatchObject({
      changed: false,
      because: expect.stringContaining('SUCCEEDED'),
    });
    const ended = await send(`/operations/sagas/${id}/compensate`, ada);
    expect(ended.status).toBe(409);
    expect(await ended.json()).toMatchObject({
      type: 'urn:clew:problem:conflict',
      detail: 'The saga has ended: it is COMPLETED.',
    });
    const dryRun = await send(`/operations/sagas/${id}/compensate`, { ...ada, dryRun: true });
    expect(dryRun.status).toBe(409);
    const nowhere = await send(`/operations/sagas/${id}/skip`, { step: 'submarine', ...ada });
    expect(await nowhere.json()).toMatchObject({
      status: 409,
      detail: 'Saga trip-booking has no step "submarine": its steps are flight, hotel, car.',
    });
    const anonymous = await send(`/operations/sagas/${id}/skip`, { step: 'hotel' });
    expect(anonymous.status).toBe(400);
    const unknown = await send('/operations/sagas/0192a000-0000-7000-8000-000000000000/skip', {
      step: 'hotel',
      ...ada,
    });
    expect(unknown.status).toBe(404);
    for (const headers of [{}, { authorization: 'Bearer wrong-key' }, { authorization: `Basic ${KEY}` }]) {
      const closed = await listed('', headers as Record<string, string>);
      expect(closed.status).toBe(401);
      expect(closed.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('cancel their booking: what was or may have been reserved is given back; once it has ended they can not', async () => {
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id, links } = await system.gateway().book(trip());
    await eventually(async () => (await system.gateway().booking(id)).steps[0]!.status === 'SUCCEEDED', {
      describe: 'the flight to be reserved',
    });
    for (const wrong of [{ reason: '' }, { reason: 7 }, { because: 'of that' }])
      expect((await send(links['cancel']!, wrong)).status).toBe(400);
    const cancelled = await send(links['cancel']!, { reason: 'The meeting was called off' });
    expect(cancelled.status).toBe(202);
    expect(await cancelled.json()).toMatchObject({
      id,
      failure: { step: null, code: 'CANCELLED', message: 'The meeting was called off' },
    });
    hotels.resume();
    // The undo of the hotel may have been parked for silence; the answer that comes late ends that.
    expect((await system.gateway().untilEnded(id)).status).toBe('COMPENSATED');
    const again = await fetch(`${system.gateway().url}${links['cancel']}`, { method: 'POST' });
    expect(again.status).toBe(409);
    await audit(system, { accepted: [id], parkedOnPurpose: true });
  }, 60_000);

  it('are told before a release, and at the start, that instances in flight need another definition', async () => {
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id } = await system.gateway().book(trip());
    await eventually(async () => (await system.gateway().booking(id)).steps[1]!.status === 'EXECUTING', {
      describe: 'the hotel to be asked for',
    });
    const orchestrator = system.app('orchestrator');
    await orchestrator.stop();
    // As if it had begun under a definition in which the hotel came last, on its own.
    const other =
      'flight:compensatable:flights.reserve/flights.cancel > car:compensatable:cars.reserve/cars.cancel > hotel:compensatable:hotels.reserve/hotels.cancel';
    await system.databases.rows(
      'orchestrator',
      `INSERT INTO saga_definition (name, version, hash, signature) VALUES ('trip-booking', 1, 'other', $1)`,
      other,
    );
    const own = await system.databases.rows<{ hash: string }>(
      'orchestrator',
      'SELECT definition_hash AS hash FROM saga_instance WHERE id = $1',
      id,
    );
    const begin = (hash: string) =>
      system.databases.rows(
        'orchestrator',
        'UPDATE saga_instance SET definition_hash = $1 WHERE id = $2',
        hash,
        id,
      );
    await begin('other');
    const sentence =
      'saga trip-booking v1 has changed while 1 instance of it is in flight: step "car" stands at another place in the order. Restore v1 as it was and register the change beside it as v2';
    expect(await checkSagas()).toMatchObject({ code: 1, stderr: expect.stringContaining(sentence) });
    orchestrator.start();
    expect(await orchestrator.untilDead()).toMatchObject({ code: 1 });
    expect(orchestrator.log.join('\n')).toContain(sentence);

    await begin(own[0]!.hash);
    expect(await checkSagas()).toMatchObject({ code: 0 });
    orchestrator.start();
    await orchestrator.untilReady();
    hotels.resume();
    expect((await system.gateway().untilEnded(id)).status).toBe('COMPLETED');
    await audit(system, { accepted: [id], parkedOnPurpose: true });
  }, 60_000);

  async function checkSagas(): Promise<{ code: number; stderr: string }> {
    const script = join(repositoryRoot(), 'dist', 'scripts', 'check-sagas.js');
    const environment = { DATABASE_URL: system.servers.databaseUrl, CLEW_NAMESPACE: system.namespace };
    try {
      await promisify(execFile)(process.execPath, [script], { env: { ...process.env, ...environment } });
      return { code: 0, stderr: '' };
    } catch (error) {
      return error as { code: number; stderr: string };
    }
  }
});
