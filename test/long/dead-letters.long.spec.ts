import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '@clew/testing';
import { audit } from '../e2e/support/audit.js';
import { DeadLetterDesk } from '../e2e/support/dead-letter-desk.js';
import { publishAll, takeDeadLetters, waiting } from '../e2e/support/dead-letters.js';
import type { ParticipantName } from '../e2e/support/app-process.js';
import { it } from '../e2e/support/it-with-logs.js';
import { malformedMessages } from '../e2e/support/malformed-messages.js';
import { RunningSystem } from '../e2e/support/running-system.js';
import { trip } from '../e2e/support/trip.js';

const KEY = 'open-sesame';
const ada = { actor: 'ada', reason: 'The trigger is gone' };
const commands = 'hotels.commands';

describe('people who see to dead letters', () => {
  let system: RunningSystem;
  let desk: DeadLetterDesk;
  beforeAll(async () => {
    // So patient that nothing is asked twice: what goes on does so because of people.
    const patient = { CLEW_STEP_TIMEOUT_MS: '600000', CLEW_STEP_MAX_TIMEOUT_MS: '600000' };
    system = await RunningSystem.start({
      environment: { orchestrator: { CLEW_OPERATOR_KEY: KEY, ...patient }, flights: patient },
    });
    desk = new DeadLetterDesk(system, KEY);
  }, 90_000);
  afterAll(() => system?.stop(), 60_000);

  /** Every reservation of a participant fails, and not for a passing reason. */
  const breakApp = (app: ParticipantName) =>
    system.databases.rows(
      app,
      `CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '${app} are broken' USING ERRCODE = 'XX999'; END $$;
       CREATE TRIGGER broken BEFORE INSERT ON reservation FOR EACH ROW EXECUTE FUNCTION broken()`,
    );
  const mendApp = (app: ParticipantName) =>
    system.databases.rows(app, 'DROP TRIGGER broken ON reservation; DROP FUNCTION broken()');
  const parkMalformed = async (queue: string, count: number) => {
    await publishAll(system, queue, malformedMessages(queue, count, 1));
    return desk.untilParked(queue, count);
  };

  it('find the command that a bug kept from being worked on, and its saga goes on once it is redriven', async () => {
    await breakApp('hotels');
    const { id } = await system.gateway().book(trip());
    const [letter, ...others] = await desk.untilParked(commands, 1);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      queue: commands,
      reason: expect.stringContaining('hotels are broken'),
      messageId: `${id}/hotel/action/0`,
      correlationId: id,
      type: 'hotels.reserve',
      encoding: 'utf8',
      headers: { saga: 'trip-booking', step: 'hotel', direction: 'action', epoch: 0 },
    });
    expect(JSON.parse(letter!.payload)).toMatchObject({ hotelId: 'HOTEL-1' });
    expect(Buffer.byteLength(letter!.payload)).toBe(letter!.bytes);
    expect(Math.abs(Date.parse(letter!.parkedAt!) - Date.now())).toBeLessThan(60_000);
    expect((await desk.list()).items).toEqual([letter]);

    await mendApp('hotels');
    const wish = { ids: [letter!.id], ...ada };
    const found = { id: letter!.id, queue: commands, messageId: letter!.messageId, reason: letter!.reason };
    expect(await desk.move('redrive', { ...wish, dryRun: true })).toEqual({
      dryRun: true,
      matched: 1,
      done: 0,
      left: 1,
      letters: [found],
    });
    expect((await desk.list()).items).toEqual([letter]);
    expect((await system.gateway().booking(id)).status).toBe('RUNNING');
    expect(await desk.move('redrive', wish)).toMatchObject({ dryRun: false, matched: 1, done: 1, left: 0 });
    expect((await system.gateway().untilEnded(id)).status).toBe('COMPLETED');
    expect(await desk.move('redrive', wish)).toMatchObject({ matched: 0, done: 0, left: 0, letters: [] });
    await audit(system, { accepted: [id] });
  }, 30_000);

  it('redrive a fact of a choreographed trip to the one who parked it', async () => {
    await breakApp('hotels');
    const { id } = await system.gateway().book(trip({ coordination: 'choreography' }));
    const [letter] = await desk.untilParked('hotels.facts', 1);
    expect(letter).toMatchObject({ type: 'trip-booking.flight.succeeded', correlationId: id });
    await mendApp('hotels');
    expect(await desk.move('redrive', { queue: 'hotels.facts', ...ada })).toMatchObject({ done: 1 });
    expect((await system.gateway().untilEnded(id)).status).toBe('COMPLETED');
  }, 30_000);

  it('redrive or discard one, some or all, and the log says what was thrown away, by whom and why', async () => {
    const replies = await parkMalformed('orchestrator.replies', 8);
    const cars = await parkMalformed('cars.commands', 8);
    const { items, counts } = await desk.list('?limit=5');
    expect([items.length, counts]).toEqual([
      5,
      expect.objectContaining({ 'orchestrator.replies': 8, 'cars.commands': 8, 'hotels.commands': 0 }),
    ]);
    expect(cars.map(({ encoding }) => encoding)).toContain('base64');
    const huge = cars.find(({ bytes }) => bytes > 1_000_000);
    expect(huge?.payload).toHaveLength(16 * 1024);

    // What is wrong stays wrong: it is parked anew, as another letter.
    const some = replies.slice(0, 2).map(({ id }) => id);
    expect(await desk.move('redrive', { ids: some, ...ada })).toMatchObject({ matched: 2, done: 2 });
    const again = await desk.untilParked('orchestrator.replies', 8);
    for (const id of some) expect(again.map((letter) => letter.id)).not.toContain(id);

    const reason = 'From a test\nbench';
    const dryRun = await desk.move('discard', { all: true, ...ada, reason, dryRun: true });
    expect(dryRun).toMatchObject({ matched: 16, done: 0, left: 16, letters: { length: 16 } });
    const one = await desk.move('discard', { ids: [cars[0]!.id], ...ada, reason });
    expect(one).toMatchObject({ matched: 1, done: 1, letters: [{ id: cars[0]!.id }] });
    expect(await desk.move('discard', { queue: 'cars.commands', ...ada, reason })).toMatchObject({ done: 7 });
    expect(await desk.move('discard', { all: true, ...ada, reason })).toMatchObject({ matched: 8, done: 8 });
    expect(Object.values((await desk.list()).counts).every((count) => count === 0)).toBe(true);
    await eventually(() => discardsInLog().length === 16, { describe: 'a line for each letter' });
    for (const line of discardsInLog()) expect(line).toContain('By "ada": "From a test\\nbench"');
    expect(discardsInLog().filter((line) => line.includes(cars[0]!.id))).toHaveLength(1);
  }, 30_000);

  const discardsInLog = () =>
    system.app('orchestrator').log.filter((line) => /Discarded dead letter/.test(line));

  it('lose none of 500 when the orchestrator is killed in the middle of redriving them', async () => {
    const hotels = system.app('hotels');
    await publishAll(system, commands, malformedMessages(commands, 500, 1));
    const before = await desk.untilParked(commands, 500);
    expect(before).toHaveLength(200);
    await hotels.stop(); // So that what is redriven stays where it was put.
    const redriving = desk.post('redrive', { queue: commands, ...ada }).catch(() => 'killed');
    const orchestrator = system.app('orchestrator');
    await eventually(async () => (await waiting(system, commands)) > 0, { every: 1, describe: 'the first' });
    await orchestrator.kill9();
    expect(await redriving).toBe('killed');
    expect(await waiting(system, commands)).toBeLessThan(500);
    orchestrator.start();
    await orchestrator.untilReady();
    const rest = await desk.move('redrive', { all: true, ...ada });
    expect(rest.left).toBe(0);
    expect(rest.matched).toBeGreaterThan(0);
    expect(await waiting(system, commands)).toBeGreaterThanOrEqual(500);
    hotels.start();

    const marks = (await takeDeadLetters(system, commands, 500, 20_000)).map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(500);
    // One batch at the most was in both places.
    expect(marks.length).toBeLessThanOrEqual(550);
  }, 60_000);

  it('are told what is wrong with what they ask for', async () => {
    for (const body of [{}, { all: false }, { ids: [] }, { ids: ['a'], all: true }, { queue: 7 }])
      expect((await desk.post('discard', { ...ada, ...body })).status).toBe(400);
    expect((await desk.post('discard', { all: true, actor: 'ada' })).status).toBe(400);
    const both = await desk.post('redrive', { ...ada, ids: ['a'], queue: commands });
    expect(await both.json()).toMatchObject({
      type: 'urn:clew:problem:validation',
      detail: 'exactly one of ids, queue and all must be given',
    });
    for (const query of ['?limit=0', '?limit=201', '?limit=many', '?color=red'])
      expect((await desk.get(query)).status).toBe(400);
    const nowhere = await desk.get('?queue=boats.commands');
    expect(await nowhere.json()).toMatchObject({
      status: 404,
      detail: expect.stringMatching(/^There is no queue "boats.commands". There are flights.commands, /),
    });
    expect((await desk.post('redrive', { ...ada, queue: 'boats.commands' })).status).toBe(404);
    expect((await desk.get('', 'wrong-key')).status).toBe(401);
    for (const action of ['redrive', 'discard'] as const)
      expect((await desk.post(action, { ...ada, all: true }, 'wrong-key')).status).toBe(401);
  });
});
