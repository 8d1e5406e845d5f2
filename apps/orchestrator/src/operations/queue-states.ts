import { Injectable } from '@nestjs/common';
import { inspectTopology, queueOf, type InspectedQueue } from '@clew/rabbitmq';
import { Sagas } from '@clew/saga';
import { OrchestratorEnvironment } from '../orchestrator-environment.js';

type States = ReadonlyMap<string, InspectedQueue>;

/** Milliseconds. */
const KEPT_FOR = 1_000;

/**
 * What there is at the broker of the queues that sagas need. A look costs a connection, so whoever asks while somebody looks,
 * or within a second after that, is told the same.
 */
@Injectable()
export class QueueStates {
  private look: Promise<States> | undefined;

  constructor(
    private readonly environment: OrchestratorEnvironment,
    private readonly sagas: Sagas,
  ) {}

  /** By logical name; those that aren't there are left out. Rejects while the broker is away. */
  now(): Promise<States> {
    return (this.look ??= this.lookAgain());
  }

  private lookAgain(): Promise<States> {
    const look = this.inspect();
    const forgetLater = () => void setTimeout(() => (this.look = undefined), KEPT_FOR).unref();
    look.then(forgetLater, forgetLater);
    return look;
  }

  private async inspect(): Promise<States> {
    const { AMQP_URL: url, CLEW_NAMESPACE: namespace } = this.environment;
    const { routes } = this.sagas;
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
}
