import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import { factMessage, fingerprintOf, type Answer } from '@clew/envelope';
import { saga, signatureOf } from '@clew/saga/core';
import { ChoreographedSagas } from './choreographed-sagas.js';

class Done {}
const commandOf = (type: string) => {
  class Some {
    static readonly type = type;
    static readonly reply = Done;
  }
  return Some;
};
const step = (participant: string) => ({
  action: commandOf(`${participant}.take`),
  payload: () => ({}),
  compensation: commandOf(`${participant}.give-back`),
});

/** South takes part twice at once. */
const tour = saga<object>('tour', { version: 1 })
  .step('first', step('north'))
  .parallel({ second: step('south'), third: step('south') })
  .end();
const sagaId = '0192a000-0000-7000-8000-000000000000';
const definition = fingerprintOf(signatureOf(tour));

function heard(topic: string, body: object, changes: object = {}): Delivery {
  const envelope = { factId: `${sagaId}/x`, sagaId, saga: 'tour', version: 1, definition, topic, body };
  const { payload, ...message } = factMessage({ ...envelope, ...changes });
  return { ...message, content: Buffer.from(payload), queue: 'south.facts', origin: undefined };
}
const known = { input: {}, results: { first: {} } };
const south = () => new ChoreographedSagas('south', [tour]);

describe('a participant that hears a fact', () => {
  it('gives itself the commands whose turn has come, as an orchestrator would', () => {
    const delivery = heard('tour.first.succeeded', { ...known, epoch: 0 });
    const commands = south().commandsOn(delivery, 7);
    expect(commands.map(({ envelope }) => envelope)).toEqual(
      ['second', 'third'].map((name) => ({
        commandId: `${sagaId}/${name}/action/0`,
        sagaId,
        saga: 'tour',
        step: name,
        direction: 'action',
        epoch: 0,
        attempt: 1,
        type: 'south.take',
        replyTo: `tour.${name}`,
      })),
    );
    for (const command of commands)
      expect(command).toMatchObject({ deliveries: [delivery], subscription: 7 });
  });

  it('says aloud what became of them', () => {
    const [second] = south().commandsOn(heard('tour.first.succeeded', { ...known, epoch: 0 }), 0);
    const answers: Answer[] = [
      { outcome: 'done', body: { id: 1 } },
      { outcome: 'rejected', body: { code: 'NO', message: 'No' } },
    ];
    const said = answers.map((answer) => second!.answerWith(answer));
    expect(said.map(({ destination, topic, messageId }) => [destination, topic, messageId])).toEqual([
      ['tour.second.succeeded', true, `${sagaId}/second/succeeded/0`],
      ['tour.second.rejected', true, `${sagaId}/second/rejected/0`],
    ]);
    expect(JSON.parse(said[0]!.payload)).toEqual({
      epoch: 0,
      input: {},
      results: { first: {}, second: { id: 1 } },
    });
  });

  it('does nothing about what is no concern of its own', () => {
    const done = { epoch: 0, undone: ['third'], rest: [{ step: 'first', undoes: 0 }] };
    expect(south().commandsOn(heard('tour.third.compensated', done), 0)).toEqual([]);
  });

  it.each([
    ['another version', { version: 2 }, /south has no part in saga tour v2/],
    ['other steps', { definition: '0000' }, /has other steps here/],
    ['a topic that is none', { topic: 'tour.first.painted' }, /none of saga tour's/],
  ])('refuses it with %s', (_case, changes, reason) => {
    const delivery = heard('tour.first.succeeded', { ...known, epoch: 0 }, changes);
    expect(() => south().commandsOn(delivery, 0)).toThrow(reason);
  });
});

describe('a payload that throws', () => {
  const broken = saga<object>('broken', { version: 1 })
    .step('first', step('north'))
    .step('second', {
      ...step('south'),
      payload: () => {
        throw new TypeError('No such room');
      },
    })
    .end();
  const hash = fingerprintOf(signatureOf(broken));
  const heardOfBroken = (topic: string, changes: object) =>
    new ChoreographedSagas('south', [broken]).commandsOn(
      heard(topic, { ...known, epoch: 0, ...changes }, { saga: 'broken', definition: hash }),
      0,
    );

  it('keeps the participant from beginning, as it does the owner', () => {
    expect(heardOfBroken('broken.first.succeeded', {})).toEqual([]);
  });

  it('parks the message that asks for it, with the reason', () => {
    expect(() => heardOfBroken('broken.second.asked', { attempt: 2 })).toThrow('No such room');
  });
});

describe('what a participant takes part in', () => {
  it('must be a saga that can do without an orchestrator', () => {
    const locked = saga<object>('locked', { version: 1, lock: () => 'key' })
      .step('a', step('south'))
      .end();
    expect(() => new ChoreographedSagas('south', [locked])).toThrow(/^Saga locked v1 can't be choreographed/);
  });

  it('must have a step for it', () => {
    expect(() => new ChoreographedSagas('west', [tour])).toThrow('has no step for the participant west');
  });

  it('says which commands it has to handle, and whose queues there must be', () => {
    expect(south().commandTypes).toEqual(['south.take', 'south.give-back', 'south.take', 'south.give-back']);
    expect(south().routes.queues).toEqual(['north.facts', 'south.facts', 'north.sagas']);
  });
});
