import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { exchangeOf, packContentType, packKeyOf, topicExchangeOf, unpacked } from '@clew/rabbitmq';
import type { RunningSystem } from './running-system.js';

/** Sees a copy of every message that is published to some queues, whatever becomes of the message itself. */
export class WireSpy {
  readonly messages: ConsumeMessage[] = [];

  private constructor(private readonly connection: ChannelModel) {}

  /** To all queues that the apps take messages from, and to every topic. */
  static bindEverything(system: RunningSystem): Promise<WireSpy> {
    return WireSpy.listen(system, system.queues, ['#']);
  }

  static bind(system: RunningSystem, ...queues: readonly string[]): Promise<WireSpy> {
    return WireSpy.listen(system, queues, []);
  }

  private static async listen(
    system: RunningSystem,
    queues: readonly string[],
    topics: readonly string[],
  ): Promise<WireSpy> {
    const connection = await connect(system.servers.amqpUrl);
    const spy = new WireSpy(connection);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const routingKey of queues.flatMap((name) => [name, packKeyOf(name)]))
      await channel.bindQueue(queue, exchangeOf(system), routingKey);
    for (const topic of topics) await channel.bindQueue(queue, topicExchangeOf(system), topic);
    const see = (message: ConsumeMessage | null) => message && spy.messages.push(...onesOf(message));
    await channel.consume(queue, see, { noAck: true });
    return spy;
  }

  /** How often a message was published. */
  countOf(messageId: string): number {
    return this.messages.filter(({ properties }) => properties.messageId === messageId).length;
  }

  /** The queue vanishes with the connection. */
  close(): Promise<void> {
    return this.connection.close();
  }
}

/** A message, or those of a pack as if each had come alone. */
function onesOf(message: ConsumeMessage): ConsumeMessage[] {
  if (message.properties.contentType !== packContentType) return [message];
  const fields = { ...message.fields, routingKey: message.fields.routingKey.replace(/\.packs$/, '') };
  return unpacked(message.content).map((one) => ({ ...one, fields }));
}
