import { randomUUID } from 'node:crypto';
import { conformanceQueues, describeBroker, type DeadLetter } from '@clew/testing/broker';
import { onPlainConnection } from './broker-specs.fixture.js';
import { CuttableNetwork } from './cuttable-network.fixture.js';
import { reasonHeader } from './dead-letter.js';
import { rabbitmq } from './rabbitmq.js';
import { deadLetterQueueOf, deleteTopology } from './topology.js';

const server = process.env['CLEW_TEST_AMQP_URL']!;

describeBroker('RabbitMQ', async () => {
  const topology = { namespace: `spec-${randomUUID()}`, queues: conformanceQueues };
  const { network, url } = await CuttableNetwork.before(server);
  return {
    broker: rabbitmq({ url, namespace: topology.namespace }),
    goAway: () => network.cut(),
    comeBack: () => network.mend(),
    deadLettersOf: (queue) => lettersIn(deadLetterQueueOf(topology, queue)),
    close: async () => {
      await network.close();
      await deleteTopology(server, topology);
    },
  };
});

/** They go back when the connection closes. */
function lettersIn(queue: string): Promise<DeadLetter[]> {
  return onPlainConnection(server, async (connection) => {
    const channel = await connection.createChannel();
    const letters: DeadLetter[] = [];
    for (;;) {
      const letter = await channel.get(queue);
      if (!letter) return letters;
      const { messageId, headers } = letter.properties;
      letters.push({ messageId, content: letter.content, reason: String(headers?.[reasonHeader]) });
    }
  });
}
