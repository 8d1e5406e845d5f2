import type { Operation, Rejection } from '../inputs.js';
import { topicOf, type Fact, type Knowledge, type UndoToCome, type WayBack } from './fact.js';

type Fields = Readonly<Record<string, unknown>>;

/** A fact as it goes on the wire. */
export interface FactInWords {
  /** The same however often it is said, as it is said of the same command. */
  readonly factId: string;
  readonly topic: string;
  /** What isn't in the topic. */
  readonly body: object;
}

/**
 * Puts a fact into words; `readFact` takes it out of them again.
 *
 * @param wish of what a person wishes: an id of that wish
 */
export function wordsOf(sagaId: string, saga: string, fact: Fact, wish = ''): FactInWords {
  const { type: _type, step: _step, ...body } = fact as Fact & { readonly step?: string };
  return { factId: factIdOf(sagaId, fact, wish), topic: topicOf(saga, fact), body };
}

/**
 * A fact from its topic and its body.
 *
 * @throws TypeError that names what is wrong with it
 */
export function readFact(saga: string, topic: string, body: object): Fact {
  const fields = body as Fields;
  const words = topic.startsWith(`${saga}.`) ? topic.slice(saga.length + 1).split('.') : [];
  const [step = '', type] = words.length === 2 ? words : [undefined, words[0]];
  switch (words.length === 1 ? type : `step ${type}`) {
    case 'started':
      return { type: 'started', ...knowledge(fields) };
    case 'requested':
      return { type: 'requested', ...knowledge(fields), ...wish(fields) };
    case 'step succeeded':
      return { type: 'succeeded', step, epoch: whole(fields, 'epoch'), ...knowledge(fields) };
    case 'step rejected':
      return {
        type: 'rejected',
        step,
        epoch: whole(fields, 'epoch'),
        ...knowledge(fields),
        rejection: rejection(fields),
      };
    case 'step asked':
      return { type: 'asked', step, ...asked(fields), ...knowledge(fields) };
    case 'step undo-asked':
      return {
        type: 'undo-asked',
        step,
        ...asked(fields),
        undoes: whole(fields, 'undoes'),
        ...wayBack(fields),
      };
    case 'step compensated':
      return { type: 'compensated', step, epoch: whole(fields, 'epoch'), ...wayBack(fields) };
    case 'step undo-refused':
      return {
        type: 'undo-refused',
        step,
        epoch: whole(fields, 'epoch'),
        ...wayBack(fields),
        rejection: rejection(fields),
      };
    default:
      throw new TypeError(`The topic "${topic}" is none of saga ${saga}'s`);
  }
}

function knowledge(fields: Fields): Knowledge {
  if (!('input' in fields)) throw new TypeError('The fact has no "input"');
  const { input, results } = fields;
  if (isObject(results) && Object.values(results).every(isObject))
    return { input, results: results as Readonly<Record<string, object>> };
  throw new TypeError('The "results" of the fact are not objects by the names of their steps');
}

function wayBack({ undone, rest }: Fields): WayBack {
  if (!Array.isArray(undone) || !undone.every((step): step is string => typeof step === 'string'))
    throw new TypeError('"undone" is not a list of steps');
  if (!Array.isArray(rest) || !rest.every(isUndo))
    throw new TypeError('"rest" is not a list of undos to come');
  return { undone, rest };
}

function isUndo(value: unknown): value is UndoToCome {
  return isObject(value) && typeof value['step'] === 'string' && isWhole(value['undoes']);
}

function asked(fields: Fields): { readonly epoch: number; readonly attempt: number } {
  return { epoch: whole(fields, 'epoch'), attempt: whole(fields, 'attempt') };
}

function rejection({ rejection: value }: Fields): Rejection {
  if (isObject(value) && typeof value['code'] === 'string' && typeof value['message'] === 'string')
    return { code: value['code'], message: value['message'] };
  throw new TypeError('The "rejection" needs the texts "code" and "message"');
}

function wish({ operation, actor, reason }: Fields): {
  readonly operation: Operation;
  readonly actor: string;
  readonly reason: string;
} {
  if (typeof actor !== 'string' || typeof reason !== 'string')
    throw new TypeError('A wish needs the texts "actor" and "reason"');
  if (isOperation(operation)) return { operation, actor, reason };
  throw new TypeError('The "operation" is none that there is');
}

function isOperation(value: unknown): value is Operation {
  if (!isObject(value)) return false;
  const { action, step } = value;
  if (action === 'cancel' || action === 'compensate') return true;
  return (action === 'retry' || action === 'skip' || action === 'mark-done') && typeof step === 'string';
}

function whole(fields: Fields, name: string): number {
  const value = fields[name];
  if (isWhole(value)) return value;
  throw new TypeError(`"${name}" is missing or not a whole number from 0`);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function factIdOf(sagaId: string, fact: Fact, wish: string): string {
  switch (fact.type) {
    case 'started':
      return `${sagaId}/started`;
    case 'requested':
      return `${sagaId}/requested/${wish}`;
    case 'asked':
    case 'undo-asked':
      return `${sagaId}/${fact.step}/${fact.type}/${fact.epoch}/${fact.attempt}`;
    default:
      return `${sagaId}/${fact.step}/${fact.type}/${fact.epoch}`;
  }
}
