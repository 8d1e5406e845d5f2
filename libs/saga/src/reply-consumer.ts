import { readReply } from '@clew/envelope';
import type { Delivery, RabbitConsumer } from '@clew/rabbitmq';
import { parseCommandId } from './core/index.js';
import { ForeignReply } from './errors.js';
import type { SagaEngine, Work } from './saga-engine.js';

/**
 * Feeds replies into the engine. A reply is acknowledged after the transition that it caused is committed; one that can
 * never be handled (malformed, foreign, of an unknown saga) is parked with its reason.
 */
export class ReplyConsumer {
  private settled: Delivery[] = [];

  constructor(
    private readonly engine: SagaEngine,
    private readonly consumer: () => Pick<RabbitConsumer, 'ack' | 'park'>,
  ) {}

  handle(delivery: Delivery): void {
    let work: Omit<Work, 'settle'>;
    try {
      work = workOf(delivery);
    } catch (error) {
      this.park(delivery, error);
      return;
    }
    this.engine.submit({
      ...work,
      settle: (error) => (error ? this.park(delivery, error) : this.acknowledge(delivery)),
    });
  }

  /** A whole batch settles in one turn: its acknowledgements go out together. */
  private acknowledge(delivery: Delivery): void {
    if (this.settled.push(delivery) > 1) return;
    queueMicrotask(() => {
      const batch = this.settled;
      this.settled = [];
      this.consumer().ack(batch);
    });
  }

  private park(delivery: Delivery, error: unknown): void {
    if (codeOf(error) === 'UNAVAILABLE') return; // stays unacknowledged: it comes again
    void this.consumer().park(delivery, error instanceof Error ? error.message : String(error));
  }
}

function workOf(delivery: Delivery): Omit<Work, 'settle'> {
  const reply = readReply(delivery);
  const command = parseCommandId(reply.commandId);
  if (command?.sagaId !== reply.sagaId) throw new ForeignReply(reply.commandId, reply.sagaId);
  const outcome =
    reply.outcome === 'done'
      ? ({ kind: 'done', result: reply.body } as const)
      : ({ kind: 'rejected', rejection: reply.body } as const);
  const { step, direction, epoch } = command;
  return {
    sagaId: reply.sagaId,
    input: { type: 'reply', command: { step, direction, epoch }, outcome },
    cause: { kind: 'reply', messageId: reply.messageId },
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
