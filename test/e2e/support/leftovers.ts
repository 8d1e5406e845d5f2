import { connect } from 'amqplib';
import { deadLetterQueueOf } from '@clew/rabbitmq';
import { eventually } from '@clew/testing';
import type { RunningSystem } from './running-system.js';

/** What was parked. Taken out of the queue and put back: a count can be behind, above all after a restart of the broker. */
export async function deadLettersOf(system: RunningSystem): Promise<string[]> {
  const connection = await connect(system.servers.amqpUrl);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    const problems: string[] = [];
    for (const queue of system.queues) {
      const name = deadLetterQueueOf({ namespace: system.namespace, queues: system.queues }, queue);
      const message = await channel.get(name);
      if (!message) continue;
      const { headers, messageId } = message.properties;
      problems.push(`dead letter of ${queue}: ${String(messageId)} ${JSON.stringify(headers)}`);
      channel.nack(message, false, true);
    }
    return problems;
  } finally {
    await connection.close();
  }
}

/** Outboxes empty themselves a moment after the last saga's end. */
export async function nothingIsLeftToDo(system: RunningSystem): Promise<void> {
  await eventually(
    async () => {
      const outboxes = await Promise.all(
        system.apps.map(async (name) => `${name} ${await system.databases.count(name, 'outbox')}`),
      );
      const deadlines = `deadlines ${await system.databases.count('orchestrator', 'saga_deadline')}`;
      const left = [...outboxes, deadlines].filter((count) => !count.endsWith(' 0'));
      if (left.length === 0) return true;
      throw new Error(`still there: ${left.join(', ')}`);
    },
    { within: 20_000, every: 100, describe: 'empty outboxes and no deadline' },
  );
}
