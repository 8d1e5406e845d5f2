import { connect, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { exchangeOf } from '@clew/rabbitmq';
import type { RunningSystem } from './running-system.js';

const replies = 'orchestrator.replies';

/** Sees a copy of every reply that is published, whatever becomes of the reply itself. */
export class ReplySpy {
  private readonly seen: string[] = [];

  private constructor(private readonly connection: ChannelModel) {}

  static async bind(system: RunningSystem): Promise<ReplySpy> {
    const connection = await connect(system.servers.amqpUrl);
    const spy = new ReplySpy(connection);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchangeOf(system), replies);
    await channel.consume(queue, (message) => message && spy.see(message), { noAck: true });
    return spy;
  }

  /** How often the reply to this command was published. */
  countOf(commandId: string): number {
    return this.seen.filter((id) => id === `${commandId}/reply`).length;
  }

  /** The queue vanishes with the connection. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private see({ properties }: ConsumeMessage): void {
    this.seen.push(String(properties.messageId));
  }
}
