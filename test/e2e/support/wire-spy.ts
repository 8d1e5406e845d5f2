import { connect, type ChannelModel } from 'amqplib';
import { exchangeOf } from '@clew/rabbitmq';
import type { RunningSystem } from './running-system.js';

/** Sees a copy of every message that is published to some queues, whatever becomes of the message itself. */
export class WireSpy {
  private readonly seen: string[] = [];

  private constructor(private readonly connection: ChannelModel) {}

  static async bind(system: RunningSystem, ...queues: readonly string[]): Promise<WireSpy> {
    const connection = await connect(system.servers.amqpUrl);
    const spy = new WireSpy(connection);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const routingKey of queues) await channel.bindQueue(queue, exchangeOf(system), routingKey);
    const see = (message: { properties: { messageId?: unknown } } | null) =>
      message && spy.seen.push(String(message.properties.messageId));
    await channel.consume(queue, see, { noAck: true });
    return spy;
  }

  /** How often a message was published. */
  countOf(messageId: string): number {
    return this.seen.filter((id) => id === messageId).length;
  }

  /** The queue vanishes with the connection. */
  close(): Promise<void> {
    return this.connection.close();
  }
}
