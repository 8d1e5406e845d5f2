import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { replyQueueOf, type Answer } from '@clew/envelope';
import { eventually } from '@clew/testing';
import { tripApps, type AppName } from '../e2e/support/app-process.js';
import { DeadLetterDesk } from '../e2e/support/dead-letter-desk.js';
import { publishAll } from '../e2e/support/dead-letters.js';
import { forgedReply } from '../e2e/support/forged-reply.js';
import { it } from '../e2e/support/it-with-logs.js';
import { startKillableServers, type KillableServers } from '../e2e/support/killable-servers.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const operatorKey = 'open-sesame';
const replies = replyQueueOf('orchestrator');
const forgedId = '0192f0c1-2b3c-7d4e-8f90-123456789abc';
const userOf = (app: AppName) => `clew-${app}`;

describe('a participant that has been taken over and knows a saga', () => {
  let servers: KillableServers;
  let system: RunningSystem;
  let urlOf: (app: AppName) => string;
  beforeAll(async () => {
    servers = await startKillableServers();
    urlOf = (app) =>
      Object.assign(new URL(servers.amqpUrl), { username: userOf(app), password: 'a-password' }).href;
    const everything = '^e2e_[0-9a-f]+(\\..*)?$';
    for (const app of tripApps) {
      await servers.rabbitmqctl('add_user', userOf(app), 'a-password');
      await servers.rabbitmqctl('set_permissions', userOf(app), everything, everything, everything);
    }
    const own = Object.fromEntries(tripApps.map((app) => [app, { AMQP_URL: urlOf(app) }]));
    system = await RunningSystem.start({
      servers,
      environment: {
        ...own,
        orchestrator: {
          ...own['orchestrator'],
          CLEW_PARTICIPANT_USERS: ['flights', 'hotels', 'cars'].map((name) => `${name}=clew-${name}`).join(),
          CLEW_OPERATOR_KEY: operatorKey,
          CLEW_STEP_ATTEMPTS: '40',
        },
      },
    });
  }, 180_000);
  afterAll(async () => {
    try {
      await system?.stop();
    } finally {
      await servers?.stop();
    }
  }, 60_000);

  it('can not answer for another: its reply is parked with the reason, and the real one counts', async () => {
    const desk = new DeadLetterDesk(system, operatorKey);
    const gateway = system.gateway();
    const hotels = system.app('hotels');
    hotels.suspend();
    const { id } = await gateway.book(trip());
    const untilHotelIsAwaited = () =>
      eventually(
        async () => {
          const { steps } = await gateway.booking(id);
          return steps.map(({ status }) => status).join() === 'SUCCEEDED,EXECUTING,SUCCEEDED';
        },
        { within: 30_000, describe: 'flight and car to be reserved, and the hotel to be awaited' },
      );
    await untilHotelIsAwaited();
    const commandId = `${id}/hotel/action/0`;
    const forged = (
      answer: Answer,
      properties: { userId?: string; headers?: Record<string, unknown> } = {},
    ) => {
      const command = { commandId, sagaId: id, step: 'hotel', direction: 'action', epoch: 0 } as const;
      const reply = forgedReply(command, answer);
      const headers = { ...(reply.properties.headers as object), ...properties.headers };
      return { ...reply, properties: { ...reply.properties, ...properties, headers } };
    };
    const done: Answer = { outcome: 'done', body: { reservationId: forgedId } };
    const refused: Answer = { outcome: 'rejected', body: { code: 'FORGED', message: 'forged' } };
    const lie = { 'x-clew-sender': userOf('hotels') };
    const send = (...messages: ReturnType<typeof forged>[]) =>
      publishAll(system, replies, messages, urlOf('cars'));
    await send(
      forged(done, { userId: userOf('cars') }),
      forged(refused, { userId: userOf('cars'), headers: lie }),
      forged(done, { headers: lie }),
    );
    const reasons = async () => (await desk.untilParked(replies, 3)).map(({ reason }) => reason).sort();
    const reasonOf = (sender: string) =>
      `The reply to command "${commandId}" was sent by ${sender}; it counts only from user clew-hotels`;
    const expected = [
      reasonOf('nobody who can be told'),
      reasonOf('user clew-cars'),
      reasonOf('user clew-cars'),
    ];
    expect(await reasons()).toEqual(expected);
    // An operator who sends them back doesn't make them true.
    expect(await desk.move('redrive', { queue: replies, actor: 'ada', reason: 'To see' })).toMatchObject({
      done: 3,
    });
    expect(await reasons()).toEqual(expected);
    await untilHotelIsAwaited();

    hotels.resume();
    const booking = await gateway.untilEnded(id, 60_000);
    expect(booking.status).toBe('COMPLETED');
    const [reserved] = await system.databases.rows<{ id: string }>('hotels', 'SELECT id FROM reservation');
    expect(booking.steps[1]!.result).toMatchObject({ reservationId: reserved!.id });
    expect(reserved!.id).not.toBe(forgedId);
  }, 180_000);
});
