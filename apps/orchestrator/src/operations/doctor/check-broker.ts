import { inspectTopology, type InspectedQueue, type Topology } from '@clew/rabbitmq';
import type { CheckResponse } from '../doctor.response.dto.js';

/** The broker itself, its exchanges and queues, who takes from them, and what lies among the dead letters. */
export async function checkBroker(url: string, topology: Topology): Promise<CheckResponse[]> {
  const { broker, queues, problems } = await inspectTopology(url, topology);
  return [
    { name: 'broker', status: 'ok', sentence: `${broker} answers.` },
    {
      name: 'topology',
      status: problems.length > 0 ? 'failed' : 'ok',
      sentence: problems.join(' ') || `${queues.length} queues are there as they should be.`,
    },
    consumersOf(queues.filter(({ isForDeadLetters }) => !isForDeadLetters)),
    deadLettersIn(queues.filter(({ isForDeadLetters }) => isForDeadLetters)),
  ];
}

function consumersOf(queues: readonly InspectedQueue[]): CheckResponse {
  const alone = queues.filter(({ consumers }) => consumers === 0);
  const named = alone.map(({ name, messages }) => `${name} (${messages} messages)`).join(', ');
  return {
    name: 'consumers',
    status: alone.length > 0 ? 'warning' : 'ok',
    sentence: named ? `Nobody takes from ${named}: start their apps.` : 'Somebody takes from every queue.',
  };
}

function deadLettersIn(queues: readonly InspectedQueue[]): CheckResponse {
  const full = queues.filter(({ messages }) => messages > 0);
  const named = full.map(({ name, messages }) => `${messages} in ${name}`).join(', ');
  return {
    name: 'dead letters',
    status: full.length > 0 ? 'warning' : 'ok',
    sentence: named ? `There are ${named}: see "clew dead-letters list".` : 'There are none.',
  };
}
