import { inspectTopology, queueOf, type InspectedQueue } from '@clew/rabbitmq';
import type { Routes } from '@clew/broker';
import type { OrchestratorEnvironment } from '../orchestrator-environment.js';

/** What there is at the broker of queues, by their logical names; those that aren't there are left out. Rejects while it is away. */
export async function queueStatesOf(
  { AMQP_URL: url, CLEW_NAMESPACE: namespace }: OrchestratorEnvironment,
  routes: Routes,
): Promise<ReadonlyMap<string, InspectedQueue>> {
  const topology = { namespace, ...routes };
  const { queues } = await inspectTopology(url, topology);
  const byName = new Map(queues.map((queue) => [queue.name, queue]));
  return new Map(
    routes.queues.flatMap((logical): [string, InspectedQueue][] => {
      const found = byName.get(queueOf(topology, logical));
      return found ? [[logical, found]] : [];
    }),
  );
}
