/** Begins sagas and moves them on by replies. */
import { v7 as uuid } from 'uuid';
import { serve, tripOf } from '../kit/serve.mjs';
import { moveBy, PARTICIPANTS } from '../kit/trip-moves.mjs';
import { consumeInBatches, inBatches, openBroker, openDatabase, Relay, writeOnce } from './batches.mjs';

const BEGIN = `
WITH begun AS (
  INSERT INTO saga (id, stage, trip) SELECT id, 'flight', trip FROM unnest($1::uuid[], $2::jsonb[]) AS t (id, trip)
), sent AS (
  INSERT INTO orchestrator_outbox (id, saga_id, type, body)
  SELECT message, id, 'reserve', trip FROM unnest($3::uuid[], $1::uuid[], $2::jsonb[]) AS t (message, id, trip)
)
DELETE FROM orchestrator_outbox WHERE id = ANY($4::uuid[])`;

/** A saga that isn't where its reply belongs stays where it is, and no command is sent for it. */
const MOVE = `
WITH seen AS (
  INSERT INTO inbox (id) SELECT unnest($1::uuid[])
), moved AS (
  UPDATE saga SET stage = t.to_stage, updated_at = now()
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[])
    AS t (id, from_stage, to_stage, message, receiver, command)
  WHERE saga.id = t.id AND saga.stage = t.from_stage
  RETURNING saga.id, saga.trip, t.to_stage, t.message, t.receiver, t.command
), sent AS (
  INSERT INTO orchestrator_outbox (id, saga_id, type, body)
  SELECT message, id, command, trip FROM moved WHERE message IS NOT NULL
), published AS (
  DELETE FROM orchestrator_outbox WHERE id = ANY($8::uuid[])
)
SELECT id, trip::text, to_stage, message, receiver, command FROM moved`;

const database = await openDatabase();
const databaseToBegin = await openDatabase();
const { incoming, outgoing } = await openBroker([...PARTICIPANTS, 'replies']);
const relay = new Relay(outgoing);
const callers = new Map();

const begin = inBatches(async (begun) => {
  const messages = begun.map(() => uuid());
  await databaseToBegin.query({
    name: 'begin',
    text: BEGIN,
    values: [begun.map(({ id }) => id), begun.map(({ trip }) => trip), messages, relay.takeConfirmed()],
  });
  for (const [index, { id, trip }] of begun.entries())
    relay.publish({
      id: messages[index],
      to: 'flight',
      sagaId: id,
      type: 'reserve',
      body: Buffer.from(trip),
    });
});

await consumeInBatches(incoming, 'replies', (batch) => {
  const published = relay.takeConfirmed();
  return writeOnce(database, 'inbox', batch, async (replies) => {
    const moves = replies.map(({ content }) => {
      const { participant, outcome } = JSON.parse(content);
      return moveBy(participant, outcome);
    });
    const { rows } = await database.query({
      name: 'move',
      rowMode: 'array',
      text: MOVE,
      values: [
        replies.map(({ properties }) => properties.messageId),
        replies.map(({ properties }) => properties.correlationId),
        moves.map(({ from }) => from),
        moves.map(({ to }) => to),
        moves.map(({ send }) => (send ? uuid() : null)),
        moves.map(({ send }) => send?.to ?? null),
        moves.map(({ send }) => send?.command ?? null),
        published,
      ],
    });
    for (const [sagaId, trip, stage, message, receiver, command] of rows) {
      if (message) {
        relay.publish({ id: message, to: receiver, sagaId, type: command, body: Buffer.from(trip) });
      } else {
        callers.get(sagaId)?.(stage);
        callers.delete(sagaId);
      }
    }
  });
});

serve(
  (n, isUndone) =>
    new Promise((resolve) => {
      const id = uuid();
      callers.set(id, resolve);
      begin({ id, trip: JSON.stringify(tripOf(n, isUndone)) });
    }),
);
