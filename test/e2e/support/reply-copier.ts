import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { exchangeOf, packContentType, packKeyOf, queueOf, unpacked } from '@clew/rabbitmq';
import type { RunningSystem } from './running-system.js';

const replies = 'orchestrator.replies';

/** Puts copies of every reply into the queue of the replies, one after the other, so that they go to different processes. */
export class ReplyCopier {
  /** Replies that were seen. */
  seen = 0;

  private constructor(private readonly connection: ChannelModel) {}

  static async bind(system: RunningSystem, copies: number): Promise<ReplyCopier> {
    const connection = await connect(system.servers.amqpUrl);
    const copier = new ReplyCopier(connection);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const routingKey of [replies, packKeyOf(replies)])
      await channel.bindQueue(queue, exchangeOf(system), routingKey);
    const copy = ({ content, properties }: ConsumeMessage) => {
      copier.seen += properties.contentType === packContentType ? unpacked(content).length : 1;
      // Not through the exchange: the copies would come by here again.
      for (let n = 0; n < copies; n += 1)
        channel.sendToQueue(queueOf(system, replies), content, { ...properties, expiration: undefined });
    };
    await channel.consume(queue, (message) => message && copy(message), { noAck: true });
    return copier;
  }

  /** Its queue vanishes with the connection. */
  close(): Promise<void> {
    return this.connection.close();
  }
}
