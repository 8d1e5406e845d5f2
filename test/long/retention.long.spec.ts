import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { participantNames } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

describe('bookings that ended long ago', () => {
  let system: RunningSystem;
  beforeAll(async () => {
    system = await RunningSystem.start();
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  /** Which of the bookings a participant's fence still knows. */
  async function inFences(): Promise<Record<string, string[]>> {
    const entries = participantNames.map(async (participant) => {
      const sql = 'SELECT DISTINCT saga_id::text AS id FROM fence ORDER BY id';
      const rows = await system.databases.rows<{ id: string }>(participant, sql);
      return [participant, rows.map(({ id }) => id)];
    });
    return Object.fromEntries((await Promise.all(entries)) as [string, string[]][]);
  }

  it('are deleted by the orchestrator, and then forgotten by all participants; reservations stay', async () => {
    const gateway = system.gateway();
    const completed = await gateway.bookAndWait(trip());
    const compensated = await gateway.bookAndWait(trip({ hotel: { hotelId: 'GRAND-FULL' } }));
    const young = await gateway.bookAndWait(trip());
    const all = [completed.id, compensated.id, young.id].sort();
    expect(await inFences()).toEqual({ flights: all, hotels: all, cars: all });

    await system.databases.rows(
      'orchestrator',
      `UPDATE saga_instance SET ended_at = now() - interval '31 days' WHERE id = ANY($1::uuid[])`,
      [completed.id, compensated.id],
    );
    // A cleaner sweeps when it starts.
    const orchestrator = system.app('orchestrator');
    await orchestrator.stop();
    orchestrator.start();
    await orchestrator.untilReady();

    const one = [young.id];
    await eventually(async () => {
      expect(await inFences()).toEqual({ flights: one, hotels: one, cars: one });
      return true;
    });
    for (const { id } of [completed, compensated])
      expect((await gateway.get(`/bookings/${id}`)).status).toBe(404);
    expect(await gateway.booking(young.id)).toMatchObject({ status: 'COMPLETED' });
    for (const participant of participantNames)
      expect((await system.ask(participant, `/reservations/${completed.id}`)).status).toBe(200);
    await eventually(async () => (await system.databases.count('orchestrator', 'outbox')) === 0);
  }, 60_000);
});
