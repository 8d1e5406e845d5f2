/** Flight, hotel or car: `node participant.mjs <which>`. */
import { v7 as uuid } from 'uuid';
import { isSoldOut, serve } from '../kit/serve.mjs';
import { consumeInBatches, openBroker, openDatabase, Relay, writeOnce } from './batches.mjs';

const [, , own] = process.argv;

/** The whole batch: what was handled, what came of it, the replies, and the end of those that the broker has by now. */
const WRITE = `
WITH seen AS (
  INSERT INTO ${own}_inbox (id) SELECT unnest($1::uuid[])
), reserved AS (
  INSERT INTO ${own}_reservation (saga_id, status) SELECT unnest($2::uuid[]), 'RESERVED'
), cancelled AS (
  UPDATE ${own}_reservation SET status = 'CANCELLED' WHERE saga_id = ANY($3::uuid[])
), replied AS (
  INSERT INTO ${own}_outbox (id, saga_id, type, body)
  SELECT * FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::jsonb[])
)
DELETE FROM ${own}_outbox WHERE id = ANY($8::uuid[])`;

const database = await openDatabase();
const { incoming, outgoing } = await openBroker([own, 'replies']);
const relay = new Relay(outgoing);

await consumeInBatches(incoming, own, (batch) => {
  const published = relay.takeConfirmed();
  return writeOnce(database, `${own}_inbox`, batch, async (commands) => {
    const replies = commands.map((command) => {
      const outcome = outcomeOf(command);
      return {
        id: uuid(),
        to: 'replies',
        sagaId: command.properties.correlationId,
        type: outcome,
        body: JSON.stringify({ participant: own, outcome }),
      };
    });
    const sagasWith = (outcome) => replies.filter(({ type }) => type === outcome).map(({ sagaId }) => sagaId);
    const column = (name) => replies.map((reply) => reply[name]);
    await database.query({
      name: 'write',
      text: WRITE,
      values: [
        commands.map(({ properties }) => properties.messageId),
        sagasWith('reserved'),
        sagasWith('cancelled'),
        column('id'),
        column('sagaId'),
        column('type'),
        column('body'),
        published,
      ],
    });
    for (const reply of replies) relay.publish({ ...reply, body: Buffer.from(reply.body) });
  });
});
serve();

function outcomeOf({ properties, content }) {
  if (properties.type === 'cancel') return 'cancelled';
  return isSoldOut(own, JSON.parse(content)) ? 'refused' : 'reserved';
}
