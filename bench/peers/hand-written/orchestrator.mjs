/** Begins sagas and moves them on by replies. */
import { v7 as uuid } from 'uuid';
import { serve, tripOf } from '../kit/serve.mjs';
import { moveBy, PARTICIPANTS } from '../kit/trip-moves.mjs';
import { Service } from './service.mjs';

const service = new Service('orchestrator');
const callers = new Map();

await service.start({
  queues: [...PARTICIPANTS, 'replies'],
  consumes: 'replies',
  handle: async (transaction, { properties, content }) => {
    const sagaId = properties.correlationId;
    const { participant, outcome } = JSON.parse(content);
    const { from, to, send } = moveBy(participant, outcome);
    const { stage, trip } = await transaction.saga.findUniqueOrThrow({ where: { id: sagaId } });
    if (stage !== from) throw new Error(`${participant} ${outcome}, but saga ${sagaId} is at ${stage}`);
    await transaction.saga.update({ where: { id: sagaId }, data: { stage: to } });
    if (send) {
      await service.send(transaction, {
        id: uuid(),
        sagaId,
        queue: send.to,
        type: send.command,
        body: trip,
      });
      return undefined;
    }
    return () => {
      callers.get(sagaId)?.(to);
      callers.delete(sagaId);
    };
  },
});

serve(async (n, isUndone) => {
  const id = uuid();
  const trip = tripOf(n, isUndone);
  const ended = new Promise((resolve) => callers.set(id, resolve));
  await service.prisma.$transaction(async (transaction) => {
    await transaction.saga.create({ data: { id, stage: 'flight', trip } });
    await service.send(transaction, {
      id: uuid(),
      sagaId: id,
      queue: 'flight',
      type: 'reserve',
      body: trip,
    });
  });
  return ended;
});
