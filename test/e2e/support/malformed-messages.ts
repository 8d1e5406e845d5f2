import { randomBytes, randomUUID } from 'node:crypto';
import type { Options } from 'amqplib';
import {
  commandMessage,
  commandQueueOf,
  factMessage,
  fingerprintOf,
  journalQueueOf,
  ownerQueueOf,
  replyMessage,
  replyQueueOf,
  type WireMessage,
} from '@clew/envelope';
import { signatureOf } from '@clew/saga/core';
import { tripBooking } from '@clew/trip-booking';
import { participantNames, type ParticipantName } from './app-process.js';

/** A message that can never be handled. */
export interface MalformedMessage {
  /** What is wrong with it and which one it is, as its `appId`: the only property that says nothing to the apps. */
  readonly mark: string;
  readonly content: Buffer;
  readonly properties: Options.Publish;
  /** What the reason has to say when it is parked. */
  readonly reason: string;
}

/** One way to be wrong: content and properties, made anew for each message. */
type Kind = () => Pick<MalformedMessage, 'content' | 'properties' | 'reason'>;

const megabyte = 1024 * 1024;

/**
 * `count` malformed messages for a queue, of all kinds in turn; among them `huge` ones of one to five megabytes, spread
 * evenly.
 */
export function* malformedMessages(queue: string, count: number, huge: number): Generator<MalformedMessage> {
  const kinds = Object.entries(wrongMessagesFor(queue));
  const [hugeName, hugeKind] = kinds.pop()!;
  const hugeEvery = Math.floor(count / huge);
  for (let n = 0; n < count; n += 1) {
    const [name, kind] = n % hugeEvery === hugeEvery - 1 ? [hugeName, hugeKind] : kinds[n % kinds.length]!;
    const message = kind();
    const mark = `${name} #${n}`;
    yield { ...message, mark, properties: { ...message.properties, appId: mark } };
  }
}

function wrongMessagesFor(queue: string): Record<string, Kind> {
  const participant = participantNames.find((name) => queue === commandQueueOf(name));
  if (participant) return wrongCommands(participant);
  if (queue === replyQueueOf('orchestrator')) return wrongReplies();
  if (queue === journalQueueOf('orchestrator')) return wrongJournals();
  return queue === ownerQueueOf('flights') ? wrongFactsForOwner() : wrongFactsForParticipant();
}

/** The huge one comes last. */
function wrongCommands(participant: ParticipantName): Record<string, Kind> {
  const noun = participant.slice(0, -1);
  const command = (changes: { type?: string; payload?: object } = {}): WireMessage => {
    const [sagaId, type] = [randomUUID(), changes.type ?? `${participant}.reserve`];
    const envelope = {
      commandId: `${sagaId}/${noun}/action/0`,
      sagaId,
      saga: 'trip-booking',
      step: noun,
      direction: 'action',
      epoch: 0,
      attempt: 1,
      replyTo: 'orchestrator.replies',
    } as const;
    return commandMessage({ ...envelope, type, payload: changes.payload ?? {} }, `${participant}.commands`);
  };
  const other = participantNames.find((name) => name !== participant)!;
  const noHandler = 'No handler takes commands of type';
  return {
    ...wrongPayloads(command),
    'wrong schema': () => ({ ...written(command({ payload: { meal: 'fish' } })), reason: 'meal' }),
    'deep schema': () => ({ ...written(command(), nested(20_000)), reason: 'Maximum call stack' }),
    'unknown type': () => ({ ...written(command({ type: `${participant}.paint` })), reason: noHandler }),
    'type of another': () => ({ ...written(command({ type: `${other}.reserve` })), reason: noHandler }),
    'no properties': () => ({ content: Buffer.from('{}'), properties: {}, reason: 'header direction' }),
    'no headers': () => ({ ...written({ ...command(), headers: {} }), reason: 'header direction' }),
    'id of no saga': () => ({ ...written({ ...command(), correlationId: 'saga' }), reason: 'correlationId' }),
    'id of another command': () => ({
      ...written({ ...command(), messageId: command().messageId }),
      reason: 'messageId is not that of',
    }),
    'epoch as text': () => ({ ...withHeaders(command(), { epoch: '0' }), reason: 'header epoch' }),
    'cancel of nothing': () => ({
      ...withHeaders(command({ type: `${participant}.cancel` }), { direction: 'compensation' }),
      reason: 'header undoes',
    }),
    'step that no database stores': () => {
      const message = command();
      const messageId = `${message.correlationId}/a\0b/action/0`;
      return { ...withHeaders({ ...message, messageId }, { step: 'a\0b' }), reason: 'NUL' };
    },
    reply: () => ({ ...written(reply()), reason: 'replyTo' }),
    huge: () => ({ ...written(command({ payload: large() })), reason: 'meal' }),
  };
}

/** The huge one comes last. */
function wrongReplies(): Record<string, Kind> {
  const strange = (sagaId: string, commandId: string) => ({
    ...withHeaders({ ...reply(), correlationId: sagaId }, { causation: commandId }),
    reason: 'which is not a command of saga',
  });
  return {
    ...wrongPayloads(reply),
    'unknown saga': () => ({ ...written(reply()), reason: 'There is no saga' }),
    'deep result': () => ({ ...written(reply(), nested(20_000)), reason: 'There is no saga' }),
    'reply of another saga': () => strange(randomUUID(), `${randomUUID()}/flight/action/0`),
    'reply to no command': () => strange(randomUUID(), 'order-66'),
    'no properties': () => ({ content: Buffer.from('{}'), properties: {}, reason: 'messageId' }),
    'no headers': () => ({ ...written({ ...reply(), headers: {} }), reason: 'header causation' }),
    'id of no saga': () => ({ ...written({ ...reply(), correlationId: 'saga' }), reason: 'correlationId' }),
    'unknown outcome': () => ({ ...withHeaders(reply(), { outcome: 'maybe' }), reason: 'header outcome' }),
    'rejection without code': () => ({ ...withHeaders(reply(), { outcome: 'rejected' }), reason: '"code"' }),
    huge: () => ({ ...written(reply({ ...large() })), reason: 'There is no saga' }),
  };
}

const NO_SAGA = 'There is no saga';

/** Facts that no participant can act on. The huge one comes last. */
function wrongFactsForParticipant(): Record<string, Kind> {
  const asked = (body: object) => fact({ topic: 'trip-booking.flight.asked', body });
  return {
    ...wrongFacts(),
    'unknown saga': () => ({
      ...written(fact({ saga: 'cruise', topic: 'cruise.started' })),
      reason: 'no part',
    }),
    'unknown version': () => ({ ...written(fact({ version: 99 })), reason: 'has no part in saga' }),
    'other steps': () => ({ ...written(fact({ definition: '00' })), reason: 'has other steps here' }),
    'no attempt': () => ({ ...written(asked({ input: {}, results: {}, epoch: 0 })), reason: '"attempt"' }),
    'input of nothing': () => ({ ...written(fact({ body: { results: {} } })), reason: '"input"' }),
    huge: () => ({ ...written(fact({ body: { ...large() } })), reason: '"input"' }),
  };
}

/** Facts that no owner can decide on. The huge one comes last. */
function wrongFactsForOwner(): Record<string, Kind> {
  return {
    ...wrongFacts(),
    'unknown version': () => ({ ...written(fact({ version: 99 })), reason: NO_SAGA }),
    'other steps': () => ({ ...written(fact({ definition: '00' })), reason: NO_SAGA }),
    'undo of nothing': () => ({
      ...written(fact({ topic: 'trip-booking.car.compensated', body: { epoch: 0, undone: [], rest: [] } })),
      reason: NO_SAGA,
    }),
    'no way back': () => ({
      ...written(fact({ topic: 'trip-booking.car.compensated', body: { epoch: 0 } })),
      reason: '"undone"',
    }),
    huge: () => ({ ...written(fact({ body: { ...large() } })), reason: '"input"' }),
  };
}

/** The huge one comes last. */
function wrongJournals(): Record<string, Kind> {
  const journal = (body: object) => fact({ topic: 'trip-booking.journal', body });
  return {
    ...wrongPayloads(() => journal({})),
    'unknown saga': () => ({ ...written(journal({ revision: 1, entries: [] })), reason: NO_SAGA }),
    'no revision': () => ({ ...written(journal({ entries: [] })), reason: 'no revision' }),
    'no entries': () => ({ ...written(journal({ revision: 1 })), reason: 'no list of events' }),
    'an entry that is none': () => ({
      ...written(journal({ revision: 1, entries: [7] })),
      reason: 'no list of events',
    }),
    huge: () => ({ ...written(journal(large())), reason: 'no revision' }),
  };
}

function wrongFacts(): Record<string, Kind> {
  return {
    ...wrongPayloads(() => fact()),
    'no properties': () => ({ content: Buffer.from('{}'), properties: {}, reason: 'messageId' }),
    'no headers': () => ({ ...written({ ...fact(), headers: {} }), reason: 'header saga' }),
    'id of no saga': () => ({ ...written({ ...fact(), correlationId: 'saga' }), reason: 'correlationId' }),
    'version as text': () => ({ ...withHeaders(fact(), { version: '1' }), reason: 'header version' }),
    'topic of another': () => ({ ...written(fact({ topic: 'order.started' })), reason: 'not a topic of' }),
    'topic of nothing': () => ({ ...written(fact({ topic: 'trip-booking.sunk' })), reason: 'none of saga' }),
  };
}

const definition = fingerprintOf(signatureOf(tripBooking));

function fact(
  changes: { saga?: string; version?: number; definition?: string; topic?: string; body?: object } = {},
): WireMessage {
  const sagaId = randomUUID();
  const genuine = { saga: 'trip-booking', version: 1, definition, topic: 'trip-booking.started' };
  const body = { input: {}, results: {} };
  return factMessage({ factId: `${sagaId}/started`, sagaId, body, ...genuine, ...changes });
}

function wrongPayloads(message: () => WireMessage): Record<string, Kind> {
  return {
    'broken JSON': () => ({ ...written(message(), '{"flightNumber'), reason: 'not JSON' }),
    'no content': () => ({ ...written(message(), ''), reason: 'not JSON' }),
    bytes: () => ({ ...written(message(), randomBytes(64)), reason: 'not JSON' }),
    list: () => ({ ...written(message(), '[1, 2, 3]'), reason: 'not a JSON object' }),
  };
}

function reply(body: object = { reservationId: randomUUID() }): WireMessage {
  const sagaId = randomUUID();
  const command = {
    commandId: `${sagaId}/flight/action/0`,
    sagaId,
    saga: 'trip-booking',
    step: 'flight',
    direction: 'action',
    epoch: 0,
    attempt: 1,
    type: 'flights.reserve',
    replyTo: 'orchestrator.replies',
  } as const;
  return replyMessage(command, { outcome: 'done', body });
}

function written({ payload, ...properties }: WireMessage, content: string | Buffer = payload) {
  const { messageId, correlationId, type, replyTo, headers } = properties;
  return {
    content: Buffer.from(content as string),
    properties: { messageId, correlationId, type, replyTo, headers, persistent: true },
  };
}

function withHeaders(message: WireMessage, headers: Record<string, string>) {
  return written({ ...message, headers: { ...message.headers, ...headers } });
}

/** Deeper than a stack. */
function nested(depth: number): string {
  return '{"a":'.repeat(depth) + '1' + '}'.repeat(depth);
}

let sizes = 0;

/** Of one to five megabytes. */
function large(): object {
  sizes = (sizes % 5) + 1;
  return { meal: 'x'.repeat(sizes * megabyte) };
}
