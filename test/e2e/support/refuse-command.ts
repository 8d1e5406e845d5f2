import { connect, type GetMessage } from 'amqplib';
import { commandQueueOf, readCommand, replyMessage } from '@clew/envelope';
import { exchangeOf, queueOf } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import type { AppName } from './app-process.js';
import type { RunningSystem } from './running-system.js';

/** Takes a command in place of a participant that is down, and says no to it, as one in any language could (docs/envelope.md). */
export async function refuseCommand(
  system: RunningSystem,
  participant: AppName,
  commandId: string,
  rejection: { readonly code: string; readonly message: string },
): Promise<void> {
  const connection = await connect(system.servers.amqpUrl);
  try {
    const channel = await connection.createConfirmChannel();
    const queue = queueOf(system, commandQueueOf(participant));
    const command = await eventually(
      async () => {
        for (;;) {
          const message = await channel.get(queue);
          if (!message || message.properties.messageId === commandId) return message;
        }
      },
      { describe: `the command ${commandId}` },
    );
    const { destination, payload, messageId, correlationId, type, headers } = replyMessage(
      readCommand(receivedOf(command)),
      { outcome: 'rejected', body: rejection },
    );
    channel.publish(exchangeOf(system), destination, Buffer.from(payload), {
      ...{ messageId, correlationId, type, headers: { ...headers }, persistent: true },
    });
    await channel.waitForConfirms();
    channel.ack(command);
    await channel.close();
  } finally {
    // What else was got is put back.
    await connection.close();
  }
}

function receivedOf({ properties, content }: GetMessage) {
  const { messageId, correlationId, type, replyTo, headers = {} } = properties;
  return { messageId, correlationId, type, replyTo, headers, content } as Parameters<typeof readCommand>[0];
}
