import { readReply } from '@clew/envelope';
import { parseCommandId } from './core/index.js';
import type { WorkReader } from './engine-consumer.js';
import { ForeignReply } from './errors.js';

/** A participant's reply, or a child saga's. Throws when it can't belong to the saga that it names. */
export const workOfReply: WorkReader = (delivery) => {
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
    ...(delivery.sender !== undefined && { sender: delivery.sender }),
    input: { type: 'reply', command: { step, direction, epoch }, outcome },
    cause: { kind: 'reply', messageId: reply.messageId },
  };
};
