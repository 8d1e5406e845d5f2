import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import { BookingRush, type RushAnswer } from '../e2e/support/booking-rush.js';
import { it } from '../e2e/support/it-with-logs.js';
import { startKillableServers, type KillableServers } from '../e2e/support/killable-servers.js';
import { residentMegabytesOf, signalFamily } from '../e2e/support/process-usage.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { tripOfMany } from '../e2e/support/trip.js';

const outboxLimit = 1_000;
const operatorKey = 'open-sesame';
const operator = { authorization: `Bearer ${operatorKey}` };
/** Clients that ask while PostgreSQL stands still. */
const manyClients = 2_000;

let asked = 0;
const nextTrip = () => tripOfMany(asked++);

describe('a gateway that is asked for more than can be done', () => {
  let servers: KillableServers;
  let system: RunningSystem;
  let rush: BookingRush;
  const accepted: string[] = [];
  beforeAll(async () => {
    servers = await startKillableServers();
    const persistent = {
      CLEW_STEP_TIMEOUT_MS: '5000',
      CLEW_STEP_ATTEMPTS: '40',
      CLEW_OUTBOX_LIMIT: String(outboxLimit),
      CLEW_OPERATOR_KEY: operatorKey,
    };
    system = await RunningSystem.start({ servers, environment: { orchestrator: persistent } });
    rush = new BookingRush(system.gateway().url, 64);
    for (const queue of system.queues) await servers.untilQueueIsOnDisk(`${system.namespace}.${queue}`);
  }, 120_000);
  afterAll(async () => {
    rush?.close();
    try {
      await system?.stop();
    } finally {
      await servers?.stop();
    }
  }, 60_000);

  const note = (answer: RushAnswer) => {
    if (answer.status === 202) accepted.push(answer.body.id);
    return answer;
  };
  const book = async () => note(await rush.book(nextTrip()));
  const ready = async () => {
    const response = await system.gateway().get('/health/ready');
    return { status: response.status, body: await response.text() };
  };
  const refusal = (detail: RegExp) => ({
    status: 503,
    retryAfter: expect.any(Number),
    body: {
      type: 'urn:clew:problem:unavailable',
      title: expect.any(String),
      status: 503,
      detail: expect.stringMatching(detail),
    },
  });
  const memory = () => residentMegabytesOf(system.app('orchestrator').pid!);

  /** Everything that was accepted has ended, nothing else was begun, and new bookings are taken. */
  async function allIsWell(): Promise<void> {
    const again = await eventually(async () => (await book()).status === 202, {
      within: 30_000,
      describe: 'a booking that is accepted',
    });
    expect(again).toBe(true);
    await eventually(async () => (await ready()).status === 200, { within: 30_000, describe: 'readiness' });
    await system.untilAllEnded(accepted.length, 120_000);
    expect(await system.databases.count('orchestrator', 'saga_instance')).toBe(accepted.length);
    const { completed } = await audit(system, { accepted });
    expect(completed).toHaveLength(accepted.length);
  }

  it('refuses to begin anything within a second of an alarm of RabbitMQ, and says why', async () => {
    for (let n = 0; n < 50; n++) await book();
    await servers.rabbitmqctl('set_vm_memory_high_watermark', 'absolute', '1MB');
    // RabbitMQ tells of its alarm whoever publishes.
    const refused = await eventually(
      async () => {
        const answer = await book();
        return answer.status === 202 ? undefined : answer;
      },
      { within: 1_000, every: 10, describe: 'a refusal' },
    );
    expect(refused).toMatchObject(refusal(/^The broker takes no messages now/));
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect(await ready()).toMatchObject({
      status: 503,
      body: expect.stringMatching(/"broker":\{"status":"down"/),
    });
    expect((await system.gateway().get('/health/live')).status).toBe(200);
    await servers.rabbitmqctl('set_vm_memory_high_watermark', '0.4');
    await allIsWell();
  }, 180_000);

  it('accepts what the outbox has room for while RabbitMQ is away, and no more', async () => {
    const before = accepted.length;
    await servers.rabbitmq.kill9();
    let refused: RushAnswer[] = [];
    const untilRefused = (times: number) =>
      rush.bookWhile(
        () => (refused.length < times ? nextTrip() : undefined),
        (answer) => {
          if (note(answer).status !== 202) refused.push(answer);
        },
      );
    await untilRefused(1);
    const began = accepted.length - before;
    refused = [];
    const [megabytes, startedAt] = [memory(), performance.now()];
    await untilRefused(20_000);
    const rate = refused.length / ((performance.now() - startedAt) / 1_000);
    const growth = memory() - megabytes;
    process.stdout.write(
      `Outbox limit ${outboxLimit}: ${began} accepted without RabbitMQ, then ${Math.round(rate)}/s refused; ` +
        `memory ${megabytes.toFixed(0)} MB, afterwards ${growth.toFixed(0)} MB more\n`,
    );
    for (const answer of refused)
      expect(answer).toMatchObject(refusal(/^More than 1000 messages wait for the broker already/));
    expect(began).toBeGreaterThanOrEqual(outboxLimit);
    // What comes in between two looks at the outbox.
    expect(began).toBeLessThan(outboxLimit + 5_000);
    expect(growth).toBeLessThan(100);
    await servers.rabbitmq.start();
    await allIsWell();
  }, 240_000);

  it('answers everybody while PostgreSQL stands still', async () => {
    const crowd = new BookingRush(system.gateway().url, manyClients);
    await crowd.connect();
    const { log } = system.app('orchestrator');
    const [logged, startedAt] = [log.length, performance.now()];
    const wishes = Array.from({ length: manyClients }, (_, n) => ({ wish: nextTrip(), key: `crowd-${n}` }));
    const refused: typeof wishes = [];
    const booking = `/bookings/${accepted[0]}`;
    const operations = ['sagas', 'definitions', 'log', 'lag'].map((path) => `/operations/${path}`);
    const questions = ['/bookings', booking, `${booking}/history`, `${booking}/events`, ...operations];
    const heard = accepted.length;
    const megabytes = memory();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, memory())), 100);
    try {
      const asking = Promise.all(wishes.map(({ wish, key }) => crowd.book(wish, key).then(note)));
      await eventually(() => accepted.length > heard, { every: 1, describe: 'the first answer' });
      signalFamily(servers.postgresPid(), 'SIGSTOP');
      const answers = await asking;
      refused.push(...wishes.filter((_, n) => answers[n]!.status !== 202));
      const slowest = Math.max(...answers.map(({ ms }) => ms));
      process.stdout.write(
        `PostgreSQL stands still: ${manyClients} answers, ${accepted.length - heard} of them 202, the last after ` +
          `${Math.round(slowest)} ms; memory ${megabytes.toFixed(0)} MB, at most ${(most - megabytes).toFixed(0)} MB more\n`,
      );
      for (const { status, retryAfter } of answers.filter(({ status }) => status !== 202))
        expect([status, retryAfter]).toEqual([503, expect.any(Number)]);
      expect(most - megabytes).toBeLessThan(150);
      // Whoever asks how something stands, or for something that was begun, is answered as well.
      const late = await Promise.all([
        ...questions.map((path) =>
          system
            .gateway()
            .get(path, operator)
            .then(({ status }) => status),
        ),
        ...wishes.slice(0, 20).map(({ wish, key }) => crowd.book(wish, key).then(({ status }) => status)),
      ]);
      expect(late).toEqual(late.map(() => 503));
    } finally {
      clearInterval(watch);
      signalFamily(servers.postgresPid(), 'SIGCONT');
      crowd.close();
    }
    // Two thousand refusals don't fill the log, and none is left out of it.
    const linesAbout = (what: RegExp) => log.slice(logged).filter((line) => what.test(line));
    await eventually(() => linesAbout(/Whether sagas may begin is known anew/).length === 1);
    expect(linesAbout(/Whether sagas may begin isn't known/)).toHaveLength(1);
    const timesIn = (line: string) => Number(/503 (\d+) times/.exec(line)?.[1] ?? 1);
    const told = await eventually(() => {
      const lines = linesAbout(/Answered 503/);
      return lines.reduce((sum, line) => sum + timesIn(line), 0) >= refused.length && lines;
    });
    expect(told.length).toBeLessThanOrEqual(2 + (performance.now() - startedAt) / 1_000);
    // What PostgreSQL had in hand it has done by the time that it does what came after: of that nobody was told.
    await eventually(async () => (await book()).status === 202, { within: 30_000, describe: 'a booking' });
    const count = await system.databases.count('orchestrator', 'saga_instance');
    const unheard = count - accepted.length;
    process.stdout.write(`${unheard} sagas were begun that were answered with 503\n`);
    expect(unheard).toBeGreaterThanOrEqual(0);
    expect(unheard).toBeLessThanOrEqual(400);
    // Whoever asks again by the same key gets what was begun, so that in the end there are as many as were accepted.
    for (let n = 0; n < refused.length; n += 50)
      await Promise.all(
        refused.slice(n, n + 50).map(async ({ wish, key }) => note(await rush.book(wish, key))),
      );
    await allIsWell();
  }, 180_000);
});
