import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import type { ReceivedCommand } from './received-command.js';
import { splitBatch } from './split-batch.js';

function command(step: string, direction: 'action' | 'compensation' = 'action', epoch = 0): ReceivedCommand {
  const sagaId = '0192a000-0000-7000-8000-000000000000';
  return {
    envelope: {
      commandId: `${sagaId}/${step}/${direction}/${epoch}`,
      sagaId,
      saga: 'trip',
      step,
      direction,
      epoch,
      attempt: 1,
      ...(direction === 'compensation' && { undoes: 0 }),
      type: 'flights.reserve',
      replyTo: 'orchestrator.replies',
    },
    payload: {},
    answerWith: () => {
      throw new Error('Nobody asked for an answer');
    },
    deliveries: [{} as Delivery],
    subscription: 0,
  };
}

const ids = (rounds: ReceivedCommand[][]) =>
  rounds.map((round) =>
    round.map(({ envelope }) => `${envelope.step}/${envelope.direction}/${envelope.epoch}`),
  );

describe('a batch', () => {
  it('of different steps is one round, in order', () => {
    expect(ids(splitBatch([command('a'), command('b')]))).toEqual([['a/action/0', 'b/action/0']]);
  });

  it('with an action and its compensation is two rounds', () => {
    const batch = [command('a'), command('a', 'compensation'), command('b')];
    expect(ids(splitBatch(batch))).toEqual([['a/action/0', 'b/action/0'], ['a/compensation/0']]);
  });

  it('keeps the commands of a step in order over any number of rounds', () => {
    const batch = [
      command('a'),
      command('a', 'compensation', 0),
      command('a', 'compensation', 1),
      command('a'),
    ];
    expect(ids(splitBatch(batch))).toEqual([
      ['a/action/0'],
      ['a/compensation/0'],
      ['a/compensation/1'],
      ['a/action/0'],
    ]);
  });

  it('has a repeated command once, with all that brought it', () => {
    const batch = [command('a'), command('a'), command('b'), command('a')];
    const [round, ...others] = splitBatch(batch);
    expect(others).toEqual([]);
    expect(round).toHaveLength(2);
    const [first, , third] = [batch[0]!, batch[1]!, batch[3]!].map(({ deliveries }) => deliveries[0]);
    expect(round?.[0]?.deliveries).toHaveLength(3);
    expect(round?.[0]?.deliveries[0]).toBe(first);
    expect(round?.[0]?.deliveries[2]).toBe(third);
  });

  it('without commands is no round', () => expect(splitBatch([])).toEqual([]));
});
