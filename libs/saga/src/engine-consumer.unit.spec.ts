import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '@clew/broker';
import { EngineConsumer, type WorkReader } from './engine-consumer.js';
import { ForeignReply, SagaUnavailable, UnknownSaga, UnregisteredDefinition, WrongSender } from './errors.js';
import type { SagaEngine } from './saga-engine.js';
import type { Work } from './work.js';

const delivery = (messageId: string) => ({ messageId }) as Delivery;
const readable: WorkReader = () => ({
  sagaId: 'saga',
  input: { type: 'saga-deadline' },
  cause: { kind: 'reply' },
});

/** An engine that settles every input with this error, or with none. */
function consuming(error?: Error, workOf = readable) {
  const acked: (string | undefined)[][] = [];
  const parked: string[] = [];
  const engine = { submit: ({ settle }: Work) => settle(error) } as Pick<SagaEngine, 'submit'> as SagaEngine;
  const consumer = {
    ack: (deliveries: readonly Delivery[]) => void acked.push(deliveries.map(({ messageId }) => messageId)),
    park: (_: Delivery, reason: string) => Promise.resolve(void parked.push(reason)),
  };
  return { intake: new EngineConsumer(engine, () => consumer, workOf), acked, parked };
}

describe('a queue into the engine', () => {
  it('is acknowledged together for what settles together', async () => {
    const { intake, acked, parked } = consuming();
    intake.handle(delivery('a'));
    intake.handle(delivery('b'));
    await Promise.resolve();
    expect(acked).toEqual([['a', 'b']]);
    expect(parked).toEqual([]);
  });

  it.each([
    new UnknownSaga('x'),
    new ForeignReply('c', 'x'),
    new WrongSender('c', 'x', 'y'),
    new TypeError('a bug'),
  ])('is parked with the reason: %s', async (error) => {
    const { intake, acked, parked } = consuming(error);
    intake.handle(delivery('a'));
    await Promise.resolve();
    expect(parked).toEqual([error.message]);
    expect(acked).toEqual([]);
  });

  it('is parked where a message can not even be read', () => {
    const { intake, parked } = consuming(undefined, () => {
      throw new Error('not JSON');
    });
    intake.handle(delivery('a'));
    expect(parked).toEqual(['not JSON']);
  });

  it.each([new SagaUnavailable(new Error('away')), new UnregisteredDefinition('order', 2)])(
    'keeps what comes again elsewhere or later: %s',
    async (error) => {
      const { intake, acked, parked } = consuming(error);
      intake.handle(delivery('a'));
      await Promise.resolve();
      expect([acked, parked]).toEqual([[], []]);
    },
  );
});
