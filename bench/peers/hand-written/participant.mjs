/** Flight, hotel or car: `node participant.mjs <which>`. */
import { v7 as uuid } from 'uuid';
import { isSoldOut, serve } from '../kit/serve.mjs';
import { Service } from './service.mjs';

const [, , own] = process.argv;
const service = new Service(own);

await service.start({
  queues: [own, 'replies'],
  consumes: own,
  handle: async (transaction, { properties, content }) => {
    const sagaId = properties.correlationId;
    const outcome = await handle(transaction, sagaId, properties.type, JSON.parse(content));
    await service.send(transaction, {
      id: uuid(),
      sagaId,
      queue: 'replies',
      type: outcome,
      body: { participant: own, outcome },
    });
  },
});
serve();

async function handle(transaction, sagaId, command, trip) {
  if (command === 'cancel') {
    await transaction.reservation.update({ where: { sagaId }, data: { status: 'CANCELLED' } });
    return 'cancelled';
  }
  if (isSoldOut(own, trip)) return 'refused';
  await transaction.reservation.create({ data: { sagaId, status: 'RESERVED' } });
  return 'reserved';
}
