import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@clew/testing';
import { ParticipantHealth } from './index.js';
import {
  addFlight,
  behaviour,
  FlightsController,
  reserve,
  reservedSeats,
  resetBehaviour,
} from './test-flights.fixture.js';
import { Gate, TestParticipants } from './test-participant.fixture.js';

describe('a participant that stops', () => {
  let participants: TestParticipants;

  beforeEach(async () => {
    resetBehaviour();
    participants = await TestParticipants.create();
    await addFlight(participants.database, 'CL100', 180);
  });

  afterEach(() => participants.stop());

  it('finishes the batch it is at and answers it, and leaves the others to be delivered again', async () => {
    const running = new Gate();
    const goOn = new Gate();
    behaviour.reserving = async () => {
      running.open();
      await goOn.opened;
    };
    const first = await participants.start(FlightsController, { batchSize: 5, prefetch: 20 });
    const ids: string[] = [];
    for (let n = 0; n < 30; n++) ids.push(...(await participants.send(reserve('CL100'))));
    await running.opened;
    const closed = first.close();
    goOn.open();
    await closed;
    const handled = await reservedSeats(participants.database, 'CL100');
    expect(handled).toBeGreaterThan(0);
    expect(handled).toBeLessThanOrEqual(5);
    expect(await participants.database.outbox.count()).toBe(0);
    resetBehaviour();
    await participants.start(FlightsController);
    for (const id of ids) await participants.repliesTo(id);
    expect(await reservedSeats(participants.database, 'CL100')).toBe(30);
    expect(participants.replies).toHaveLength(30);
    await participants.settled();
  });

  it("doesn't wait for a command that meets a transient fault", async () => {
    const error = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
    behaviour.reserving = () => Promise.reject(error);
    const first = await participants.start(FlightsController);
    const [id] = await participants.send(reserve('CL100'));
    await eventually(() => behaviour.calls.length >= 3);
    const startedAt = performance.now();
    await first.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    resetBehaviour();
    await participants.start(FlightsController);
    expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
  });

  it('is ready while it takes commands, and not afterwards', async () => {
    const participant = await participants.start(FlightsController);
    const health = participant.app.get(ParticipantHealth);
    expect(health.ready()).toBe(true);
    await participant.close();
    expect(health.ready()).toBe(false);
  });
});
