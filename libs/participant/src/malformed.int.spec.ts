import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelFlight, ReserveFlight } from '@clew/contracts';
import { addFlight, behaviour, FlightsController, reserve } from './test-flights.fixture.js';
import { TestParticipants } from './test-participant.fixture.js';

describe('a message that can never be handled', () => {
  let participants: TestParticipants;

  beforeAll(async () => {
    participants = await TestParticipants.create();
    await addFlight(participants.database, 'CL100', 180);
    await participants.start(FlightsController);
  });

  afterAll(() => participants.stop());

  const good = () => participants.messageOf(reserve('CL100'));
  const properties = () => {
    const { messageId, correlationId, type, replyTo, headers } = good();
    return { messageId, correlationId, type, replyTo, headers };
  };

  it.each<[string, string, (good: ReturnType<typeof properties>) => object, string | undefined]>([
    ['no JSON', 'the payload is not JSON', (p) => p, '{"flightNumber'],
    ['an array as payload', 'the payload is not a JSON object', (p) => p, '[]'],
    ['no id', 'messageId is missing', (p) => ({ ...p, messageId: undefined }), undefined],
    [
      "another command's id",
      'messageId is not that of its saga',
      (p) => ({ ...p, messageId: 'x' }),
      undefined,
    ],
    [
      'an overlong id',
      'commandId is longer',
      (p) => {
        const step = 'x'.repeat(205);
        const messageId = `${p.correlationId}/${step}/action/0`;
        return { ...p, messageId, headers: { ...p.headers, step } };
      },
      undefined,
    ],
    ['no saga id', 'correlationId is missing', (p) => ({ ...p, correlationId: 'saga' }), undefined],
    ['no headers', 'header direction', (p) => ({ ...p, headers: {} }), undefined],
    ['nobody to answer', 'replyTo is missing', (p) => ({ ...p, replyTo: undefined }), undefined],
    [
      'an unknown type',
      'No handler takes commands of type flights.paint',
      (p) => ({ ...p, type: 'flights.paint' }),
      undefined,
    ],
    [
      'a cancel that names no action',
      'header undoes',
      (p) => ({ ...p, type: CancelFlight.type, headers: { ...p.headers, direction: 'compensation' } }),
      undefined,
    ],
    [
      'text that no database stores',
      'header step contains a NUL character',
      (p) => ({ ...p, headers: { ...p.headers, step: 'a\0b' } }),
      undefined,
    ],
  ])('parks one with %s and goes on', async (_case, reason, propertiesOf, content) => {
    participants.sendRaw(content ?? good().payload, propertiesOf(properties()));
    const [letter] = await participants.parked(1);
    expect(letter?.reason).toContain(reason);
    expect(letter?.content).toBe(content ?? good().payload);
    const [id] = await participants.send(reserve('CL100'));
    expect((await participants.repliesTo(id))[0]).toMatchObject({ outcome: 'done' });
  });

  it.each([
    ['a wrong value', { flightNumber: 'CL100', date: '2027-05-01', seats: 0 }, 'seats'],
    ['text for a number', { flightNumber: 'CL100', date: '2027-05-01', seats: '1' }, 'seats'],
    ['a field too few', { flightNumber: 'CL100', seats: 1 }, 'date'],
    ['a field too many', { flightNumber: 'CL100', date: '2027-05-01', seats: 1, meal: 'fish' }, 'meal'],
  ])('parks one with %s, naming the field', async (_case, payload, field) => {
    const [id] = await participants.send({ type: ReserveFlight.type, payload });
    const [letter] = await participants.parked(1);
    expect(letter?.messageId).toBe(id);
    expect(letter?.reason).toContain(field);
    expect(behaviour.calls).not.toContain(id);
    expect(await participants.database.fence.count({ where: { sagaId: id!.slice(0, 36) } })).toBe(0);
  });
});
