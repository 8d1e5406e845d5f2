import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICIES, saga } from './core/index.js';
import { DefinitionRegistry } from './definition-registry.js';
import { NotTheOwner, UnknownSaga } from './errors.js';
import { lookingOn } from './onlooker.js';
import type { EngineInput, Folded } from './transition.js';

class Done {}
class Book {
  static readonly type = 'shop.book';
  static readonly reply = Done;
}
class Unbook {
  static readonly type = 'shop.unbook';
  static readonly reply = Done;
}
const sagaId = '0192a000-0000-7000-8000-000000000000';
const step = { action: Book, payload: () => ({}), compensation: Unbook };
const order = saga<object>('order', { version: 1 }).step('book', step).end();
const registered = new DefinitionRegistry([order], [order]).registrationOf(order);
const start: EngineInput = { type: 'start', input: { what: 'tea' }, coordination: 'choreography' };
const cancel: EngineInput = {
  type: 'operation',
  operation: { action: 'cancel' },
  actor: 'ada',
  reason: 'ill',
};

const journal = (revision: number, ...events: object[]): EngineInput =>
  ({
    type: 'journal',
    revision,
    entries: events.map((event) => ({ event, cause: { kind: 'fact' } })),
  }) as never;
const begun = journal(1, { type: 'StepStarted', step: 'book', epoch: 0, attempt: 1 });
const ended = journal(2, { type: 'StepSucceeded', step: 'book', result: {} }, { type: 'SagaCompleted' });

/** Folds each input by itself, as separate batches would. */
function look(...inputs: readonly EngineInput[]): Folded {
  const fold = lookingOn(DEFAULT_POLICIES);
  let current: { revision: number; state: never; journal?: never } | undefined;
  let last: Folded = { verdicts: new Map() };
  for (const input of inputs) {
    last = fold(sagaId, registered, current, [{ input, cause: { kind: 'request' } }]);
    const { transition } = last;
    if (transition)
      current = {
        revision: transition.expectedRevision + 1,
        state: transition.state as never,
        ...(transition.journal && { journal: transition.journal as never }),
      };
  }
  return last;
}
const topics = ({ transition }: Folded) => transition?.messages.map(({ destination }) => destination);
const events = ({ transition }: Folded) => transition?.entries.map(({ event }) => event.type);

describe('an orchestrator that looks on', () => {
  it('says that a saga has started, and asks for nothing', () => {
    const started = look(start);
    expect(topics(started)).toEqual(['order.started']);
    expect(events(started)).toEqual(['SagaStarted']);
  });

  it('says so again until the owner is heard of', () => {
    const silence = (attempt: number): EngineInput => ({
      type: 'deadline',
      command: { step: 'book', direction: 'action', epoch: 0 },
      attempt,
    });
    const timer = ({ transition }: Folded) => transition?.timers.get('book');
    expect(timer(look(start))).toMatchObject({ attempt: 1, afterMs: 10_000 });
    const repeated = look(start, silence(1));
    expect(repeated.transition!.messages).toEqual([
      { ...look(start).transition!.messages[0]!, id: expect.any(String) },
    ]);
    expect(events(repeated)).toEqual([]);
    expect(timer(repeated)).toMatchObject({ attempt: 2, afterMs: 20_000 });
    expect(timer(look(start, silence(1), silence(2), silence(3), silence(4)))).toMatchObject({
      attempt: 5,
      afterMs: 60_000,
    });
    const heard = look(start, begun).transition!.timers;
    expect([...heard]).toEqual([['book', undefined]]);
    expect(look(start, begun, silence(1)).transition).toBeUndefined();
  });

  it('records what the owner tells, in the order in which it happened', () => {
    expect(look(start, begun, ended).transition!.state.status).toBe('COMPLETED');
    const early = look(start, ended);
    expect(events(early)).toEqual([]);
    expect(early.transition!.state.status).toBe('RUNNING');
    const late = look(start, ended, begun);
    expect(events(late)).toEqual(['StepStarted', 'StepSucceeded', 'SagaCompleted']);
    expect(late.transition!.state.status).toBe('COMPLETED');
  });

  it('changes nothing when it is told twice', () => {
    expect(look(start, begun, begun).transition).toBeUndefined();
    expect(look(start, start).transition).toBeUndefined();
  });

  it('passes on what a person wishes, as far as that makes sense', () => {
    const wished = look(start, begun, cancel);
    expect(topics(wished)).toEqual(['order.requested']);
    expect(wished.verdicts.get(cancel)?.kind).toBe('accepted');
    expect(wished.transition!.state.status).toBe('RUNNING');
    const late = look(start, begun, ended, cancel);
    expect(late.verdicts.get(cancel)?.kind).toBe('refused');
    expect(late.transition).toBeUndefined();
  });

  it('decides on nothing', () => {
    const silence: EngineInput = { type: 'saga-deadline' };
    expect(() => look(start, silence)).toThrow(NotTheOwner);
    expect(() => look(begun)).toThrow(UnknownSaga);
    expect(() => look(cancel)).toThrow(UnknownSaga);
  });
});

describe('a saga that only an orchestrator can run', () => {
  const locked = saga<object>('locked', { version: 1, lock: () => 'key' })
    .step('book', step)
    .end();

  it('is not taken for one that can be choreographed', () => {
    expect(() => new DefinitionRegistry([locked], [locked])).toThrow(
      /^Saga locked v1 can't be choreographed: it takes locks/,
    );
  });

  it('is not started as one', () => {
    const registry = new DefinitionRegistry([order, locked], [order]);
    expect(() => registry.assertChoreographed(locked)).toThrow(
      /locked v1 can't be started as a choreography/,
    );
    expect(() => registry.assertChoreographed(order)).not.toThrow();
  });
});
